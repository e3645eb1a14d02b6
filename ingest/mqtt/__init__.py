"""
MQTT: messages of devices, from the broker to the pipeline, acknowledged after the commit and never before.

A *batch* is what one transaction takes; a *consumer* holds the connection; a *watch* finds the message that kills.

Where an acknowledged message can be, and what keeps it when somebody is killed:

| place | kept by |
|---|---|
| the broker's store, not handed out yet | its disk; a power cut may take the last 50 ms of the embedded one |
| handed out: in the line, in a consumer, in a batch, in a transaction | the broker, which hands it out again after 5 s |
| committed, the acknowledgement under way | the database; the copy that comes again is a duplicate by its event id |
| suspect: in hand at one death and more | the broker, as above; `message_attempt` only says how it is tried |
| set aside: in hand at four deaths, twice alone, the last of them after five quiet seconds | `dead_letter`, to the byte |

An acknowledgement leaves after the commit, on the connection that brought the message, or not at all.
"""
