"""Staff: who works for the operator and who is on duty where. Tables employee, duty."""
