"""Who may act for whom; licences."""
