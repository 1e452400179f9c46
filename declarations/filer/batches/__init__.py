"""Files of many declarations, read row by row: JSON a line, CSV and XLSX."""
