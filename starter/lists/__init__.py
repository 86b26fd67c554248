"""Lists of people: read from files, kept row by row, enrolled without a row done twice."""
