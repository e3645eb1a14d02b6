"""
Office: what an operator says of itself, apart from what it works on.

Tables company, dictionary_word, switch_value, channel_account, site_channel.
"""
