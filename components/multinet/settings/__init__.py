"""What the settings of several parts share: types of values, and what no override may loosen."""
