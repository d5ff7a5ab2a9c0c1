"""What components use to talk to the API server: clients, informers, work queues and event recorders (client-go)."""
