"""Every query and write of settings, accounts, logins and the trail."""
