"""Faults: trouble that a test asks for. Which one a call or a delivery meets is decided here; what it does to
a call, in `effects`; to a delivery, in `deliveries`.

Faults and what is spent of them are records, and chance is a stream of each fault's own, the n-th draw for the n-th
call that it meets: what is taken back takes its count along. Where a log keeps tenants, one that acts after the change
is chosen in the same run in which the request is answered; only one that acts before ends that run, so that it waits
outside of it, and costs a trip more. A delivery's is chosen and counted in the unit of work that takes the delivery in
hand, and its plan is kept with the delivery until it is done: who takes over from a dead server goes on under it, and
copies cannot multiply. A client that waits no more is known by its connection's end, or by its half-close, which is all
that most say as they leave.
"""
