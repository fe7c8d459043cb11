package assessment

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/exchange"
	"sundial/server/scoring"
	"sundial/server/store"
)

// What is shown of a file of scores that was checked.
const (
	shownFaults      = 100
	shownDifferences = 50
)

// ScoreLimits bound files of scores.
var ScoreLimits = exchange.Limits{File: 8 << 20, Unpacked: 128 << 20, Strings: 32 << 20, Rows: 60_000, Columns: 50, Cell: 20_000}

// ScoreFile is a file of scores as somebody sends it.
type ScoreFile struct {
	Round   uint64
	Side    models.ScoreSide
	Name    string
	Content []byte
}

// hash is the SHA-256 of the content.
func (f ScoreFile) hash() string {
	sum := sha256.Sum256(f.Content)
	return hex.EncodeToString(sum[:])
}

// open finds the table in the file. Whatever is wrong with the file as a whole is a
// models.Error.
func (f ScoreFile) open() (*exchange.Reader, error) {
	return exchange.Open(f.Name, bytes.NewReader(f.Content), int64(len(f.Content)), scoreTable(f.Side), ScoreLimits)
}

// ScoreCheck is what a file of scores would do, or did.
type ScoreCheck struct {
	Round  models.Round
	Office models.Unit
	Side   models.ScoreSide
	Name   string
	Hash   string
	// File is the id of the file that waits to be imported, if it is one.
	File uint64
	// Rows counts those with an entry, Blank those without, which are passed over; Units
	// those whose sheets change.
	Rows, Blank, Units   int
	Added, Changed, Same int
	// FaultCount counts all faults, BadRows the rows that have one; Faults are the first.
	FaultCount, BadRows int
	Faults              []ScoreFault
	// Differences are the first ones; Notes tell what of the file is not used.
	Differences []ScoreDifference
	Notes       []models.Field
	// Digest stands for all differences: it changes when other marks would be written.
	Digest string
}

// ScoreFault is what is wrong with a cell, with the unit and the indicator that its row
// names.
type ScoreFault struct {
	models.Field
	Unit, Indicator string
}

// Where names the unit and the indicator; empty where the row names neither.
func (f ScoreFault) Where() string {
	return strings.Join(slices.DeleteFunc([]string{f.Unit, f.Indicator}, func(s string) bool { return s == "" }), " · ")
}

// ScoreDifference is a mark that a file changes.
type ScoreDifference struct {
	Row           int
	Unit          models.Unit
	Indicator     scoring.Leaf
	Before, After ScoreEntry
}

// ScoreEntry is a mark of one side; New tells that nothing was entered.
type ScoreEntry struct {
	New    bool
	Points string
	NA     bool
	Raised bool
	Note   string
}

// scoreCheck is the check of a file under way.
type scoreCheck struct {
	*ScoreCheck
	w      *write
	at     scoreRound
	side   side
	reader *exchange.Reader
	rows   []*exchange.Row
	papers map[string]*paper
	// seen has the row of each mark, told the sheets whose refusal was told.
	seen map[scoreKey]int
	told map[uint64]bool
	// failed is an error that is no refusal of a row.
	failed error
	// changes are the marks that the file changes, by sheet in the order of the file.
	changes map[*paper][]models.SheetMark
}

type scoreKey struct{ unit, indicator string }

// checkScores checks every row of a file; in a write the sheets that it names stay
// locked. The error is the refusal of the file as a whole, or of who sends it.
func (w *write) checkScores(file ScoreFile) (*scoreCheck, error) {
	at, err := w.mayImport(file.Round, file.Side)
	if err != nil {
		return nil, err
	}
	c := &scoreCheck{ScoreCheck: &ScoreCheck{Round: at.round, Office: at.office, Side: file.Side, Name: file.Name, Hash: file.hash()}, w: w, at: at, side: sideOf(file.Side),
		seen: map[scoreKey]int{}, told: map[uint64]bool{}, changes: map[*paper][]models.SheetMark{}}
	if c.reader, err = file.open(); err != nil {
		return nil, err
	}
	for _, note := range c.reader.Notes() {
		c.Notes = append(c.Notes, note.Field())
	}
	for row, err := range c.reader.Rows() {
		if err != nil {
			return nil, err
		}
		c.rows = append(c.rows, row)
	}
	if err := c.findPapers(); err != nil {
		return nil, err
	}
	digest := sha256.New()
	for _, row := range c.rows {
		if difference := c.row(row); difference != nil {
			fmt.Fprintf(digest, "%s %s %+v %+v\n", difference.Unit.Code, difference.Indicator.ID, difference.Before, difference.After)
		}
		if c.failed != nil {
			return nil, c.failed
		}
		c.count(row)
	}
	c.Units, c.Digest = len(c.changes), hex.EncodeToString(digest.Sum(nil)[:16])
	return c, nil
}

// mayImport returns the round whose scores of the side the actor imports. A round that is
// announced or frozen is a Conflict.
func (w *write) mayImport(id uint64, side models.ScoreSide) (scoreRound, error) {
	at, err := w.scoreRound(id)
	if err != nil {
		return at, err
	}
	switch side {
	case models.OfficeSide:
		err = w.actor.Allow(editScore, at.office)
	case models.SelfSide:
		if !w.actor.Access.Allows(scoreSelf.Object, scoreSelf.Action) {
			err = models.NewError(models.Forbidden, "error.forbidden")
		}
	default:
		err = models.InvalidFields([]models.Field{{Name: "side", Key: "scores.side_missing"}})
	}
	if err != nil {
		return at, err
	}
	if err := w.holdRound(id); err != nil {
		return at, err
	}
	// Again, now that it is not announced meanwhile.
	if err := one(w.tx.Where("id = ?", id), &at.round, "assessment.round_unknown"); err != nil {
		return at, err
	}
	return at, (&paper{round: at.round}).beingScored()
}

func sideOf(s models.ScoreSide) side {
	if s == models.SelfSide {
		return selfSide
	}
	return officeSide
}

// findPapers opens the sheets of the units that the file names, as far as the actor reads
// them.
func (c *scoreCheck) findPapers() error {
	named := map[string]bool{}
	for _, row := range c.rows {
		named[row.Text(scoreUnit)] = true
	}
	all, units, err := c.w.sheetsOf(c.at, readScore, c.at.whole)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(sheet models.Sheet) bool { return !named[units[sheet.UnitID].Code] })
	if all, err = c.w.lockSheets(all); err != nil {
		return err
	}
	papers, err := c.w.papersOf(c.at, all, units)
	c.papers = make(map[string]*paper, len(papers))
	for _, p := range papers {
		c.papers[p.unit.Code] = p
	}
	return err
}

// lockSheets reads the sheets again, locked in the order of their ids until the write
// ends.
func (w *write) lockSheets(sheets []models.Sheet) ([]models.Sheet, error) {
	if w.looks {
		return sheets, nil
	}
	ids := make([]uint64, len(sheets))
	for i, sheet := range sheets {
		ids[i] = sheet.ID
	}
	slices.Sort(ids)
	locked := make([]models.Sheet, 0, len(ids))
	for some := range slices.Chunk(ids, batch) {
		var rows []models.Sheet
		if err := w.locked().Where("id IN ?", some).Order("id").Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("lock sheets: %w", store.Translate(err))
		}
		locked = append(locked, rows...)
	}
	return locked, nil
}

// count adds what is wrong with a row.
func (c *scoreCheck) count(row *exchange.Row) {
	faults := row.Faults()
	if len(faults) == 0 {
		return
	}
	c.BadRows++
	c.FaultCount += len(faults)
	for _, fault := range faults {
		if len(c.Faults) < shownFaults {
			c.Faults = append(c.Faults, ScoreFault{fault.Field(), filled(row, scoreUnitName, scoreUnit), filled(row, scoreTitle, scoreIndicator)})
		}
	}
}

// filled is the first of the columns that has something in the row.
func filled(row *exchange.Row, columns ...string) string {
	for _, column := range columns {
		if shown := row.Shown(column); shown != "" {
			return shown
		}
	}
	return ""
}

// row checks a row and returns what it changes; nil when it changes nothing.
func (c *scoreCheck) row(row *exchange.Row) *ScoreDifference {
	if c.isBlank(row) {
		c.Blank++
		return nil
	}
	c.Rows++
	p, leaf := c.named(row)
	if p == nil || len(row.Faults()) > 0 {
		return nil
	}
	mark, faults := c.read(p, leaf, row)
	for _, fault := range faults {
		row.Fault(scoreColumn(fault), fault.Key, pairs(fault.Args)...)
	}
	if len(faults) > 0 {
		return nil
	}
	stored := p.marks[leaf.ID]
	if sameEntry(c.side, stored, mark) {
		c.Same++
		return nil
	}
	if !c.takes(p, row) {
		return nil
	}
	difference := ScoreDifference{Row: row.Number, Unit: p.unit, Indicator: leaf, Before: c.entry(stored), After: c.entry(mark)}
	if difference.Before.New {
		c.Added++
	} else {
		c.Changed++
	}
	if len(c.Differences) < shownDifferences {
		c.Differences = append(c.Differences, difference)
	}
	c.changes[p] = append(c.changes[p], mark)
	return &difference
}

// isBlank tells that nothing is entered in the row: a line of the template that was not
// filled in. That a veto is not raised is an entry, that another indicator does apply is
// none.
func (c *scoreCheck) isBlank(row *exchange.Row) bool {
	for _, column := range []string{scorePoints, scoreReason} {
		if row.Shown(column) != "" {
			return false
		}
	}
	if c.Side == models.SelfSide {
		return row.Shown(scoreURL) == "" && (row.Shown(scoreNA) == "" || row.Given(scoreNA) && !row.Yes(scoreNA))
	}
	for _, column := range []string{scoreNA, scoreRaised} {
		if row.Shown(column) != "" && (!row.Given(column) || row.Yes(column)) {
			return false
		}
	}
	indicator, found := c.at.scheme.Find(row.Text(scoreIndicator))
	return !found || indicator.Method != scoring.MethodVeto || !row.Given(scoreRaised)
}

// named returns the sheet and the indicator of a row, or adds what is wrong with their
// names.
func (c *scoreCheck) named(row *exchange.Row) (*paper, scoring.Leaf) {
	code, id := row.Text(scoreUnit), row.Text(scoreIndicator)
	if code == "" || id == "" {
		return nil, scoring.Leaf{} // which is told
	}
	p := c.papers[code]
	if p == nil {
		key, args := c.stranger(code)
		row.Fault(scoreUnit, key, args...)
		return nil, scoring.Leaf{}
	}
	if name := row.Text(scoreUnitName); name != "" && !slices.Contains(cleaned(p.sheet.UnitName, p.sheet.UnitNameEN, p.unit.Name, p.unit.NameEN), name) {
		row.Fault(scoreUnitName, "scores.unit_name", "Value", name, "Code", code, "Name", p.sheet.UnitName)
	}
	place, found := p.card.Leaf(id)
	if !found {
		key, args := c.notOnCard(p, id)
		row.Fault(scoreIndicator, key, args...)
		return p, scoring.Leaf{}
	}
	leaf := p.card.Leaves[place]
	if title := row.Text(scoreTitle); title != "" && !slices.Contains(cleaned(leaf.Title.ZH, leaf.Title.EN), title) {
		row.Fault(scoreTitle, "scores.indicator_title", "Value", title, "ID", id, "Title", leaf.Title)
	}
	key := scoreKey{code, id}
	if first, twice := c.seen[key]; twice {
		row.Fault(scoreIndicator, "scores.twice", "Unit", p.sheet.UnitName, "Title", leaf.Title, "First", first)
	} else {
		c.seen[key] = row.Number
	}
	return p, leaf
}

// cleaned returns texts as a Row has them.
func cleaned(texts ...string) []string {
	for i, text := range texts {
		texts[i] = exchange.Clean(text)
	}
	return texts
}

// stranger says why a unit has no sheet: nobody knows it, it is none of the actor's, its
// class is not in the scheme, or it is not in the round.
func (c *scoreCheck) stranger(code string) (key string, args []any) {
	unit, err := c.w.actor.Unit(c.w.tx, readScore, "code", code, "assessment.unit_unknown")
	switch {
	case err != nil && !models.IsCode(err, models.NotFound):
		c.failed = err
		fallthrough
	case err != nil:
		return "scores.unit_unknown", []any{"Value", code}
	case !slices.Contains(classesOf(c.at.scheme), unit.Class):
		return "scores.class_without_scheme", []any{"Unit", unit.Name, "Class", unit.Class, "Known", classesOf(c.at.scheme)}
	default:
		return "scores.unit_outside", []any{"Unit", unit.Name, "Round", c.at.round.Title}
	}
}

// notOnCard says why the unit's class is not scored by an indicator.
func (c *scoreCheck) notOnCard(p *paper, id string) (key string, args []any) {
	indicator, found := c.at.scheme.Find(id)
	switch {
	case !found:
		return "scores.indicator_unknown", []any{"Value", id}
	case !slices.ContainsFunc(p.card.Nodes, func(n scoring.Node) bool { return n.ID == id }):
		return "scores.indicator_of_others", []any{"Title", indicator.Title, "Unit", p.sheet.UnitName, "Class", p.sheet.Class}
	default:
		return "scores.indicator_group", []any{"Title", indicator.Title}
	}
}

// read returns the mark that a row makes of the stored one.
func (c *scoreCheck) read(p *paper, leaf scoring.Leaf, row *exchange.Row) (models.SheetMark, []models.Field) {
	points := ""
	if row.Given(scorePoints) {
		points = row.Decimal(scorePoints).String()
	}
	na, note := row.Yes(scoreNA), row.Text(scoreReason)
	var mark models.SheetMark
	var faults []models.Field
	raised := false
	if c.Side == models.SelfSide {
		mark, faults = p.checkSelf(SelfInput{Indicator: leaf.ID, Points: points, NA: na, Note: note, URL: row.Text(scoreURL)})
	} else {
		raised = row.Yes(scoreRaised)
		mark, faults = p.checkMark(MarkInput{Indicator: leaf.ID, Points: points, NA: na, Raised: raised, Reason: note})
	}
	veto := leaf.Method == scoring.MethodVeto
	said := points != "" || na || raised || veto && row.Given(scoreRaised)
	if len(faults) == 0 && !said {
		faults = append(faults, nothingSaid(veto))
	}
	return mark, faults
}

// nothingSaid is what is wrong with a row that has a reason but says not what for.
func nothingSaid(veto bool) models.Field {
	if veto {
		return models.Field{Name: "raised", Key: "scores.raised_missing"}
	}
	return models.Field{Name: "points", Key: "scores.points_missing"}
}

// takes tells whether the sheet takes marks from the actor now; why not is told once for
// each sheet.
func (c *scoreCheck) takes(p *paper, row *exchange.Row) bool {
	refusal, checked := c.told[p.sheet.ID]
	if checked {
		return !refusal
	}
	err := c.side.allow(c.w, p)
	if c.told[p.sheet.ID] = err != nil; err == nil {
		return true
	}
	var refused *models.Error
	if !errors.As(err, &refused) {
		c.failed = err
		return false
	}
	row.Fault(scoreUnit, refused.Key, pairs(refused.Args)...)
	return false
}

// pairs returns arguments of a message as pairs of name and value.
func pairs(args map[string]any) []any {
	var list []any
	for name, value := range args {
		list = append(list, name, value)
	}
	return list
}

// entry is what a side has entered in a mark.
func (c *scoreCheck) entry(row models.SheetMark) ScoreEntry {
	entry := ScoreEntry{Points: pointsText(row.Points), NA: row.NA, Raised: row.Raised, Note: row.Reason}
	if c.Side == models.SelfSide {
		entry = ScoreEntry{Points: pointsText(row.SelfPoints), NA: row.SelfNA, Note: strings.TrimSpace(row.SelfNote + " " + row.SelfURL)}
	}
	entry.New = entry == ScoreEntry{}
	return entry
}
