package bulletin

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/document"
	"sundial/server/rules"
)

// large is a bulletin of 100 units and 30 obligations, with as many late lines as there
// can be.
func large() *Publication {
	d := &Data{Scope: Unit{Code: "370000", Name: "山东省"}, Year: 2017, AsOf: calendar.MustParseDate("2017-12-31"), Late: &Late{Overdue: 1500, Done: 700},
		Findings: &Findings{Total: 9, Closed: 6, Noted: 1, Open: []OpenFinding{
			{Unit: Unit{Name: "济南市"}, Severity: "serious", Clause: "四(一)2", FoundOn: calendar.MustParseDate("2017-08-01"), DueOn: calendar.MustParseDate("2017-09-01")},
			{Unit: Unit{Name: "青岛市"}, Severity: "minor", Clause: "五", FoundOn: calendar.MustParseDate("2017-08-02"), DueOn: calendar.MustParseDate("2017-09-04")}}},
		Praise:    []Named{{Unit: Unit{Name: "东营市"}, Rule: PraiseInTime}},
		Criticism: []Named{{Unit: Unit{Name: "滨州市"}, Rule: CriticismOverdue}},
		Ranking:   &Ranking{Classes: []RankedClass{{Class: "A", Title: Text{ZH: "设区市"}, Units: ranked("95.10", "93.25", "93.25", "88.00")}}}}
	for o := range 30 {
		d.Obligations = append(d.Obligations, Obligation{Code: fmt.Sprint(o), Clause: "二(" + strconv.Itoa(o+1) + ")", Title: Text{ZH: fmt.Sprintf("公布第%d项政务公开工作要求落实情况", o+1)}})
	}
	var all []Cell
	for u := range 100 {
		row := Row{Unit: Unit{Code: fmt.Sprint(370101 + u), Name: fmt.Sprintf("第%d单位", u+1), Class: []string{"A", "B", ""}[u%3]}}
		for o := range d.Obligations {
			cell := Cell{Met: (u + o) % 4, Late: (u * o) % 3, Overdue: (u + 2*o) % 5, Pending: u % 2}
			row.Cells = append(row.Cells, cell)
			d.Obligations[o].Cell = sum(d.Obligations[o].Cell, cell)
			row.Cell = sum(row.Cell, cell)
		}
		row.Tally = row.Cell.Tally()
		all, d.Rows = append(all, row.Cell), append(d.Rows, row)
	}
	for o := range d.Obligations {
		d.Obligations[o].Tally = d.Obligations[o].Cell.Tally()
	}
	d.Total, d.Classes = sum(all...).Tally(), classesOf(d.Rows)
	for n := range MaxLate {
		d.Late.Lines = append(d.Late.Lines, LateDuty{Unit: d.Rows[n%100].Unit, Title: d.Obligations[n%30].Title, Clause: d.Obligations[n%30].Clause, Period: "2017-05+06",
			State: rules.Overdue, DueOn: calendar.MustParseDate("2017-06-16"), Days: n % 1000})
	}
	return &Publication{Series: "370000-2017-1", Edition: 1, Status: models.BulletinPublished, Title: "关于2017年山东省政务公开工作情况的通报", Number: "鲁政办通报〔2018〕3号",
		Office: d.Scope, Year: 2017, AsOf: d.AsOf, PublishedOn: calendar.MustParseDate("2018-05-04"), Data: d,
		Paragraphs: []Paragraph{{"一、总体情况", "应办事项共" + strconv.Itoa(d.Total.Owed) + "项。\n各单位情况见附件。"}, {"二、工作要求", "抓紧整改。"}}}
}

func sum(cells ...Cell) Cell {
	var total Cell
	for _, c := range cells {
		total.Pending, total.Met, total.Late, total.Overdue = total.Pending+c.Pending, total.Met+c.Met, total.Late+c.Late, total.Overdue+c.Overdue
	}
	return total
}

// ranked are units with the scores, of which equal ones share a place.
func ranked(scores ...string) []RankedUnit {
	var units []RankedUnit
	for i, score := range scores {
		rank := i + 1
		if i > 0 && scores[i-1] == score {
			rank = units[i-1].Rank
		}
		units = append(units, RankedUnit{Unit: Unit{Name: "参评单位" + strconv.Itoa(i+1)}, Rank: rank, Score: score, Grade: Text{ZH: "良好"}})
	}
	return units
}

// table finds the table with the first heading in the annex whose title has the words.
func table(t *testing.T, d *document.Document, annex, first string) document.Table {
	t.Helper()
	for _, a := range d.Annexes {
		for _, block := range a.Blocks {
			if found, ok := block.(document.Table); ok && strings.Contains(a.Title, annex) && found.Columns[0].Title == first {
				return found
			}
		}
	}
	t.Fatalf("no annex %s has a table of %s", annex, first)
	return document.Table{}
}

// TestAnAnnexHasEveryNumberOfTheData adds the cells of the annexes up again.
func TestAnAnnexHasEveryNumberOfTheData(t *testing.T) {
	p := large()
	d := p.Document()
	byUnit := table(t, d, "完成情况", "单位")
	owed := 0
	for _, row := range byUnit.Rows[:len(p.Data.Rows)] {
		n, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		owed += n
	}
	total := byUnit.Rows[len(byUnit.Rows)-1]
	if owed != p.Data.Total.Owed || total[1] != strconv.Itoa(owed) || total[6] != p.Data.Total.Completion.String()+"%" {
		t.Errorf("the units add up to %d, the total says %v, the data %d", owed, total, p.Data.Total.Owed)
	}
	board := table(t, d, "办结情况表", "单位")
	if len(board.Rows) != 101 || len(board.Columns) != 31 {
		t.Fatalf("the board has %d rows, %d columns", len(board.Rows), len(board.Columns))
	}
	for i, row := range p.Data.Rows {
		for o := range row.Cells {
			if got, want := board.Rows[i][o+1], doneOf(row.Cells[o].Tally()); got != want {
				t.Errorf("%s, obligation %d: %s, the data has %s", row.Unit.Name, o, got, want)
			}
		}
	}
	var places []string
	for _, row := range table(t, d, "位次", "位次").Rows {
		places = append(places, row[0])
	}
	if got := strings.Join(places, " "); got != "1 2 2 4" {
		t.Errorf("the places are %s", got)
	}
	if rows := table(t, d, "逾期", "单位").Rows; len(rows) != MaxLate {
		t.Errorf("%d late lines", len(rows))
	}
	if rows := table(t, d, "未销号", "单位").Rows; len(rows) != 2 || rows[0][1] != "严重" {
		t.Errorf("the open findings are %v", rows)
	}
}

// TestADraftIsMarkedAsOne on every page, and what is published is not.
func TestADraftIsMarkedAsOne(t *testing.T) {
	p := large()
	if mark := p.Document().Mark; mark != "" {
		t.Errorf("what is published is marked %s", mark)
	}
	p.Status, p.PublishedOn, p.Demo = models.BulletinDraft, 0, true
	d := p.Document()
	if !strings.Contains(d.Mark, "草稿") || !strings.Contains(d.Mark, "演示") || d.Note != "" || d.Date != 0 {
		t.Errorf("the draft is marked %q, dated %v, noted %q", d.Mark, d.Date, d.Note)
	}
}

// TestATypedOrdinalIsNotCountedAgain keeps the headings as they were typed.
func TestATypedOrdinalIsNotCountedAgain(t *testing.T) {
	for text, want := range map[string]document.Heading{
		"一、总体情况":  {Level: 1, Ordinal: "一、", Text: "总体情况"},
		"十二、工作要求": {Level: 1, Ordinal: "十二、", Text: "工作要求"},
		"一季度情况":   {Level: 1, Text: "一季度情况"},
	} {
		if got := heading(text); got != want {
			t.Errorf("%s becomes %+v", text, got)
		}
	}
}

func TestPeriodsAsDocumentsHaveThem(t *testing.T) {
	for name, want := range map[string]string{"2017": "2017年", "2018/2019": "2018—2019年", "2017-05": "2017年5月", "2017-05+06": "2017年5—6月", "2017-05-15": "2017年5月15日"} {
		if got := periodWords(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// TestALargeBulletinIsReadInLibreOffice converts it as an office would and reads it back:
// A4 throughout, the board sideways, every total and the last line there.
func TestALargeBulletinIsReadInLibreOffice(t *testing.T) {
	p := large()
	p.Data.Late.Lines = p.Data.Late.Lines[:300] // more cost a minute and show nothing else
	p.Data.Late.Lines[299].Unit.Name = "末尾单位"
	dir := t.TempDir()
	var file bytes.Buffer
	if err := document.Write(&file, p.Document()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bulletin.docx"), file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "pdf", "bulletin.docx")
	pages := strings.Split(strings.TrimSuffix(run(t, dir, "pdftotext", "-layout", "bulletin.pdf", "-"), "\f"), "\f")
	if len(pages) < 40 || len(pages) > 120 {
		t.Errorf("it has %d pages", len(pages))
	}
	upright, sideways := 0, 0
	for _, size := range regexp.MustCompile(`size: +([\d.]+ x [\d.]+)`).FindAllStringSubmatch(run(t, dir, "pdfinfo", "-l", "-1", "bulletin.pdf"), -1) {
		switch size[1] {
		case "595.304 x 841.89", "595.32 x 841.92":
			upright++
		case "841.89 x 595.304", "841.92 x 595.32":
			sideways++
		default:
			t.Errorf("a page is %s points", size[1])
		}
	}
	if upright+sideways != len(pages) || sideways < 10 {
		t.Errorf("of %d pages %d stand upright, %d lie sideways", len(pages), upright, sideways)
	}
	text := strings.Join(strings.Fields(strings.Join(pages, " ")), "")
	for what, want := range map[string]string{
		"issuer": "山东省政务公开工作通报", "number": "鲁政办通报〔2018〕3号", "day": "2018年5月4日", "note": "（此件公开发布）",
		"owed": "应办事项共" + strconv.Itoa(p.Data.Total.Owed) + "项", "completion": p.Data.Total.Completion.String() + "%", "in time": p.Data.Total.InTime.String() + "%",
		"late": "逾期事项共2200项", "the last late line": "末尾单位", "findings": "督查发现问题共9个，其中已销号6个、仅作记录1个、未销号2个", "score": "93.25",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s: %s is not in the PDF", what, want)
		}
	}
	for _, o := range p.Data.Obligations {
		if !strings.Contains(text, doneOf(o.Tally)) {
			t.Errorf("%s: the total %s is not in the PDF", o.Title.ZH, doneOf(o.Tally))
		}
	}
}

func run(t *testing.T, dir, name string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Dir = dir
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, output)
	}
	return string(output)
}
