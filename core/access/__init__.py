"""
Access: who may do what.

Words: an *actor* is whoever acts, a person, a wall screen or the product itself; a *permission* is one thing that may be
done; a *role* is a set of permissions; a *scope* is the part of the city somebody sees. A *user* signs in with a password,
a *one-time code* lets him choose it, an *authenticator* is the program that shows his second factor. A *session* is the
time between signing in and out. To *confirm* is to prove once more who one is before what is sensitive.

Tables user_account, role, role_permission, user_role, user_scope, session, sign_in_attempt, one_time_code, audit_entry,
audit_seal, wall_screen.
"""
