"""What is sent to whom, when: e-mail, digests, saved needs."""
