package training

import "context"

// StaffTable is the roster as a file.
var StaffTable = staffTable

// GoOn is one look of the lookout.
func (i *Imports) GoOn(ctx context.Context) { i.goOn(ctx) }
