package scoring

// Card returns the scheme as it is for the class; found is false for a class that
// the scheme does not have.
func (s *Scheme) Card(class string) (card *Card, found bool) {
	card, found = s.cards[class]
	return card, found
}

// Leaf returns the place of the leaf with the id among the card's leaves.
func (c *Card) Leaf(id string) (place int, found bool) {
	place, found = c.byID[id]
	return place, found
}
