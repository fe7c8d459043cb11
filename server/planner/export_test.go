package planner

import "context"

// ProposeWithin is Propose with next to no budget for search and places.
func ProposeWithin(ctx context.Context, p *Problem, search, places int) (*Proposal, error) {
	return propose(ctx, p, budget{search, places}, nil)
}
