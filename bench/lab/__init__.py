"""The bench's tools: daemons under measurement, floors, and the table that comes out."""
