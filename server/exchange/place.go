package exchange

// Place returns the letters of the column in the file and the heading that it has
// there; both are empty when the file lacks it.
func (r *Reader) Place(column string) (letters, heading string) {
	place := r.heads.places[r.heads.index(column)]
	if place.column == 0 {
		return "", ""
	}
	return columnName(place.column), place.heading
}

// Shown returns what the cell of a column shows, as [Clean] leaves it, whether it
// was understood or not.
func (r *Row) Shown(column string) string {
	content, _ := r.line.at(r.heads.places[r.heads.index(column)].column)
	return Clean(content.String())
}

// FaultHeading stands over what is wrong with the rows of a file that is given
// back; a Reader passes over the column in silence.
var FaultHeading = reasonHeading
