"""The award: decision, standstill, contracts, orders, the notice of the award, and its end."""
