"""Call-offs: lots, invitations to all who are admitted, questions and answers, the deadline."""
