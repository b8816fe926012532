"""What a DIS is: who runs it, its categories, requirements, criteria and terms; its notice."""
