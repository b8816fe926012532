"""The file of a procurement as one archive that verifies by itself, and the working life of a DIS."""
