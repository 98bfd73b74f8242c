"""Which times are free, the course of a booking, what a note may hold, and counts; pure."""
