package web

import (
	"strconv"

	"sundial/frontend"
)

// VersionsBlock shows two of the reports for a duty side by side.
type VersionsBlock struct {
	Action  string
	Options []VersionOption
	Left    int
	Right   int
	Lines   []VersionLine
}

// VersionOption is a report by its number, the first one filed is 1.
type VersionOption struct {
	Number int
	Report ReportItem
}

// VersionLine is one field of both reports; Key names its label.
type VersionLine struct {
	Key     string
	Label   string
	Left    string
	Right   string
	Changed bool
}

// newVersions compares two reports, the last two unless others are chosen; nil
// when there are not two. Reports stand newest first.
func newVersions(locale *frontend.Locale, action string, reports []ReportItem, left, right string) *VersionsBlock {
	if len(reports) < 2 {
		return nil
	}
	block := &VersionsBlock{Action: action}
	for i := range reports {
		block.Options = append(block.Options, VersionOption{i + 1, reports[len(reports)-1-i]})
	}
	choose := func(text string, otherwise int) int {
		if number, err := strconv.Atoi(text); err == nil && 1 <= number && number <= len(reports) {
			return number
		}
		return otherwise
	}
	block.Left, block.Right = choose(left, len(reports)-1), choose(right, len(reports))
	block.Lines = compareReports(locale, block.Options[block.Left-1].Report, block.Options[block.Right-1].Report)
	return block
}

// namedLine is a line of a report with what tells it apart from the others: two
// items of a scheme have the same label.
type namedLine struct {
	name string
	FilingLine
}

func namedLines(locale *frontend.Locale, report ReportItem) []namedLine {
	var lines []namedLine
	items := 0
	for _, line := range report.Lines {
		name := line.Key
		if items < len(report.Content.Items) && name == "field.item."+opennessWord(report.Content.Items[items].Openness) {
			name = "item " + report.Content.Items[items].Name
			items++
		}
		lines = append(lines, namedLine{name, line})
	}
	for _, file := range report.ReportView.Files {
		lines = append(lines, namedLine{"file " + file.Hash + file.Name, FilingLine{Key: "field.file", Value: locale.Text("evidence.named",
			map[string]any{"Name": file.Name, "Size": sizeText(file.Size)})}})
	}
	return lines
}

// compareReports puts the lines of both side by side, those of the right one
// alone where the left one has none.
func compareReports(locale *frontend.Locale, left, right ReportItem) []VersionLine {
	mine, theirs := namedLines(locale, left), namedLines(locale, right)
	after := map[string]namedLine{}
	for _, line := range theirs {
		after[line.name] = line
	}
	var lines []VersionLine
	seen := map[string]bool{}
	for _, line := range mine {
		other := after[line.name]
		seen[line.name] = true
		compared := VersionLine{Key: line.Key, Label: line.Label, Left: line.Value, Right: other.Value}
		compared.Changed = compared.Left != compared.Right || other.Key != line.Key
		lines = append(lines, compared)
	}
	for _, line := range theirs {
		if !seen[line.name] {
			lines = append(lines, VersionLine{Key: line.Key, Label: line.Label, Right: line.Value, Changed: true})
		}
	}
	return lines
}
