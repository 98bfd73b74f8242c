"""The roll of an activity, from the first tap to the close, and what holds up afterwards.

Teachers tap who comes, who goes and with whom; leave entered ahead stands on each roll that
it covers; sheets printed before a power cut are entered by line. Closing takes the room
check; from then on a roll takes corrections only, each beside what stood there. It will
never invent a time, rewrite who was expected on a day once its roll is opened, let a child
go by a way that is not open to it, or lose what a correction replaced.
"""
