package bulletin

import (
	_ "embed" // the words
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/document"
)

//go:embed document.yaml
var paperSource []byte

// paperWords is what document.yaml has. Official documents are Chinese in whatever
// language the pages are.
type paperWords struct {
	Draft     string            `yaml:"draft"`
	Demo      string            `yaml:"demo"`
	Issuer    string            `yaml:"issuer"`
	Corrected string            `yaml:"corrected"`
	Note      string            `yaml:"note"`
	Total     string            `yaml:"total"`
	Own       string            `yaml:"own"`
	None      string            `yaml:"none"`
	Praise    string            `yaml:"praise"`
	Criticism string            `yaml:"criticism"`
	Annexes   map[string]string `yaml:"annexes"`
	Leads     map[string]string `yaml:"leads"`
	Titles    map[string]string `yaml:"titles"`
	Columns   map[string]string `yaml:"columns"`
	States    map[State]string  `yaml:"states"`
	Period    map[string]string `yaml:"period"`
}

// paper is document.yaml; a mistake in it is one of the program.
var paper = func() paperWords {
	var words paperWords
	if err := yaml.Unmarshal(paperSource, &words); err != nil {
		panic(fmt.Errorf("words of documents: %w", err))
	}
	return words
}()

// Document is the bulletin as an official document: its words, and its numbers as annexes.
// A draft is marked as one on every page, and so is what is made up.
func (p *Publication) Document() *document.Document {
	d := &document.Document{Mark: p.mark(), Issuer: fmt.Sprintf(paper.Issuer, p.Office.Name), Number: p.Number, Title: p.Title,
		Signature: p.Office.Name, Date: p.PublishedOn, Annexes: p.annexes()}
	if p.Status == models.BulletinPublished {
		d.Note = paper.Note
	}
	if p.Change != "" {
		d.Blocks = append(d.Blocks, textBlocks(fmt.Sprintf(paper.Corrected, p.Change))...)
	}
	for _, g := range p.Paragraphs {
		if g.Heading != "" {
			d.Blocks = append(d.Blocks, heading(g.Heading))
		}
		d.Blocks = append(d.Blocks, textBlocks(g.Text)...)
	}
	return d
}

// typedOrdinal is the number that people begin a heading with.
var typedOrdinal = regexp.MustCompile(`^[一二三四五六七八九十]+、`)

// heading keeps the number that was typed; one without is counted.
func heading(text string) document.Heading {
	typed := typedOrdinal.FindString(text)
	return document.Heading{Level: 1, Ordinal: typed, Text: text[len(typed):]}
}

func (p *Publication) mark() string {
	var marks []string
	if p.Status == models.BulletinDraft {
		marks = append(marks, paper.Draft)
	}
	if p.Demo {
		marks = append(marks, paper.Demo)
	}
	return strings.Join(marks, "\u3000")
}

// textBlocks makes a paragraph of each line.
func textBlocks(text string) []document.Block {
	var blocks []document.Block
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			blocks = append(blocks, document.Paragraph{Text: line})
		}
	}
	return blocks
}

// annexes are the numbers, in the order in which the page has them; what there is nothing
// of has no annex.
func (p *Publication) annexes() []document.Annex {
	d := p.Data
	annexes := []document.Annex{
		{Title: fmt.Sprintf(paper.Annexes["completion"], d.Year), Blocks: completionTables(d)},
		{Title: fmt.Sprintf(paper.Annexes["board"], d.Year), Blocks: []document.Block{
			document.Paragraph{Text: fmt.Sprintf(paper.Leads["board"], dateText(d.AsOf))}, boardTable(d)}},
	}
	if d.Ranking != nil {
		title := paper.Annexes["ranking"]
		if d.Ranking.Unfrozen() {
			title = paper.Annexes["ranking_unfrozen"]
		}
		annexes = append(annexes, document.Annex{Title: fmt.Sprintf(title, d.Year), Blocks: rankingTables(d.Ranking)})
	}
	if len(d.Praise)+len(d.Criticism) > 0 {
		annexes = append(annexes, document.Annex{Title: paper.Annexes["named"], Blocks: []document.Block{namedTable(d)}})
	}
	if d.Late != nil && d.Late.Total() > 0 {
		annexes = append(annexes, document.Annex{Title: paper.Annexes["late"], Blocks: lateBlocks(d)})
	}
	if d.Findings != nil && len(d.Findings.Open) > 0 {
		annexes = append(annexes, document.Annex{Title: paper.Annexes["findings"], Blocks: findingBlocks(d)})
	}
	return annexes
}

// dayCell writes a day as tables have it.
func dayCell(day calendar.Date) string {
	if day.IsZero() {
		return paper.None
	}
	return day.String()
}

// rateCell writes a rate; there is none of nothing.
func rateCell(rate *Rate) string {
	if rate == nil {
		return paper.None
	}
	return rate.String() + "%"
}

// periodWords writes the name of a rules.Period: 2017, 2017-05, 2017-05+06, 2017-05-15 or
// 2018/2019.
func periodWords(name string) string {
	if from, to, cycle := strings.Cut(name, "/"); cycle {
		return fmt.Sprintf(paper.Period["years"], from, to)
	}
	if day, err := calendar.ParseDate(name); err == nil {
		return dateText(day)
	}
	year, months, monthly := strings.Cut(name, "-")
	if !monthly {
		return fmt.Sprintf(paper.Period["year"], year)
	}
	first, second, double := strings.Cut(months, "+")
	in, from := number(year), number(first)
	if double {
		return fmt.Sprintf(paper.Period["months"], in, from, number(second))
	}
	return fmt.Sprintf(paper.Period["month"], in, from)
}

// number reads digits of a period's name, which rules has written.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
