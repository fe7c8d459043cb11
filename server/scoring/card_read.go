package scoring

// Limits are those that bound something of the class, inner ones before those they lie
// within: in the order of Arithmetic.Limits.
func (c *Card) Limits() []Limit {
	limits := make([]Limit, len(c.limits))
	for n, limit := range c.limits {
		limits[n] = *limit.Limit
	}
	return limits
}

// VetoGrade returns the place of the grade that a veto leads to, by the place of its leaf.
func (c *Card) VetoGrade(leaf int) int { return c.vetoes[leaf] }

// Limited tells whether the indicator is a deduction or a bonus that a limit bounds.
func (s *Scheme) Limited(i *Indicator) bool {
	_, limited := s.limitOf(i)
	return limited
}
