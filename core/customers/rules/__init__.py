"""What a plate tells of a vehicle: values in, values out."""
