package web

import (
	"sundial/frontend"
	"sundial/models"
)

// shownFaults are how many faults of a file are told at once.
const shownFaults = 20

// refuse tells what is wrong with the file that was sent, each fault with its
// cell.
func (s *SchemeFields) refuse(locale *frontend.Locale, tried attempt) {
	s.FileName = tried.schemeFile
	refused := tried.scheme
	if len(refused.Fields) == 0 {
		s.Refused = []FieldProblem{{Text: locale.Text(refused.Key, refused.Args)}}
		return
	}
	for i, field := range refused.Fields {
		if i == shownFaults {
			s.Refused = append(s.Refused, FieldProblem{Text: locale.Text("weight.file.more", models.Args("Count", len(refused.Fields)-i))})
			return
		}
		text := locale.Text(field.Key, field.Args)
		if field.Name != "file" {
			text = locale.Text("form.problem", models.Args("Label", cellText(locale, field.Name), "Text", text))
		}
		s.Refused = append(s.Refused, FieldProblem{Text: text})
	}
}

// cellText names the place of a fault: a cell as it is, a row in words.
func cellText(locale *frontend.Locale, place string) string {
	if place[0] >= '0' && place[0] <= '9' {
		return locale.Text("weight.file.row", models.Args("Row", place))
	}
	return place
}
