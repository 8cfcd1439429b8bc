"""Where tables come from that nobody brings: IBM's, downloaded, and made-up customers."""
