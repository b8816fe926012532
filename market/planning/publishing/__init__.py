"""What a published plan says to those who have a part in it, and who must hear of a change."""
