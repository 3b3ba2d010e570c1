"""What things cost, what the weather does and what the news says, one file each."""
