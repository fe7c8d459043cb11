package bulletin

import (
	"slices"
	"strings"
)

// draftWords are what a new bulletin begins with, and its title.
func draftWords(d *Data) (title string, w Words) {
	for _, o := range speech.Paragraphs {
		if o.When != "" && !d.has(o.When) {
			continue
		}
		var b strings.Builder
		for _, part := range o.Parts {
			switch {
			case part.When != "" && !d.has(part.When):
			case part.Each == "":
				b.WriteString(part.Text)
			default:
				for _, name := range d.each(part.Each) {
					b.WriteString(strings.ReplaceAll(part.Text, "#", name))
				}
			}
		}
		w.Paragraphs = append(w.Paragraphs, Paragraph{o.Heading, b.String()})
	}
	// The title has fields that never change; it stands without them.
	title, err := d.Fill(speech.Title)
	if err != nil {
		panic(err) // a mistake of words.yaml
	}
	return title, w
}

// has tells whether the data has what a part is about.
func (d *Data) has(what string) bool {
	switch what {
	case "compared":
		best, _ := d.extremes()
		return len(best) > 0
	case "own":
		return len(d.Classes) > 1 && slices.ContainsFunc(d.Classes, func(c Class) bool { return c.Own && c.Owed > 0 })
	case "ranking":
		return d.Ranking != nil && d.Ranking.scored() > 0
	case "late":
		return d.Late != nil && d.Late.Total() > 0
	case "tasks":
		return d.Tasks != nil && d.Tasks.Total > 0
	case "findings":
		return d.Findings != nil && d.Findings.Total > 0
	case "open":
		return len(d.Findings.Open) > 0
	case "settled":
		return len(d.Findings.Open) == 0
	case "silent":
		return len(d.Urges.Silent) > 0
	case "answered":
		return len(d.Urges.Silent) == 0 && d.Urges.Red > 0
	case "calm":
		return d.Urges.Red == 0
	case "urges":
		return d.Urges != nil && d.Urges.Total > 0
	case "praise":
		return len(d.Praise) > 0
	default: // criticism
		return len(d.Criticism) > 0
	}
}

// each are the names that a part is repeated for.
func (d *Data) each(what string) []string {
	var names []string
	switch what {
	case "class":
		for _, class := range d.Classes {
			if !class.Own {
				names = append(names, class.name())
			}
		}
	case "ranked":
		for _, class := range d.Ranking.Classes {
			if class.Scored > 0 {
				names = append(names, className(class.Class))
			}
		}
	case "grade":
		for _, grade := range d.Ranking.grades() {
			if grade.Units > 0 {
				names = append(names, grade.Title.ZH)
			}
		}
	case "praise":
		for _, rule := range rulesOf(d.Praise) {
			names = append(names, speech.Rules[rule])
		}
	case "criticism":
		for _, rule := range rulesOf(d.Criticism) {
			names = append(names, speech.Rules[rule])
		}
	}
	return names
}
