"""
MQTT: messages of devices, from the broker to the pipeline, acknowledged after the commit and never before.

A *batch* is what one transaction takes; a *consumer* holds the connection; a *watch* finds the message that kills.
"""
