"""
Orders: the money claim for a stay. Table charge_order.

Words: a claim *accrues* while the vehicle stands, is *due* when it leaves, *settled* when paid in full, in *arrears*
when unpaid a day later. The state is computed from amounts, never typed in. A stay nobody read the plate of, a stay of
quality C and an exempt vehicle have no claim; money paid for them waits in suspense. What a driver would have to pay now is
*due*; who had paid it has the grace of the tariff to drive out.
"""
