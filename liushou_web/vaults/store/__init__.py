"""Every query and write of vaults and of their openings."""
