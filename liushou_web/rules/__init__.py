"""Pure rules of the school: no Flask, no database, no clock; everything is an argument."""
