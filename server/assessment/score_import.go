package assessment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/store"
)

// CheckScores says what a file of scores would do, row by row, and changes nothing. A file
// that cannot be read is Invalid, one for an announced or frozen round a Conflict.
func (d *Desk) CheckScores(ctx context.Context, actor compliance.Actor, file ScoreFile) (*ScoreCheck, error) {
	checked, err := d.look(ctx, actor).checkScores(file)
	if err != nil {
		return nil, err
	}
	return checked.ScoreCheck, nil
}

// ImportScores takes a file of scores over: all of it or, when anything is wrong with a
// row, nothing; then the returned check has faults and nothing was written. Where digest
// is given, it is that of the check which somebody has seen: when other marks would
// change by now the import is a Conflict.
func (d *Desk) ImportScores(ctx context.Context, actor compliance.Actor, file ScoreFile, digest string) (*ScoreCheck, error) {
	var checked *ScoreCheck
	err := d.write(ctx, actor, func(w *write) error {
		var err error
		checked, err = w.importScores(file, digest)
		return err
	})
	if errors.Is(err, errFaulty) {
		return checked, nil
	}
	return checked, err
}

// ScoringRounds lists the rounds that are being scored whose office's scores the actor
// reads, or that have a sheet of a unit of theirs.
func (d *Desk) ScoringRounds(ctx context.Context, actor compliance.Actor) ([]models.Round, error) {
	w := d.look(ctx, actor)
	scope := func() *gorm.DB {
		return actor.Access.Scope(readScore.Object, readScore.Action).Where(w.tx.Model(&models.Unit{}), "path").Select("id")
	}
	var rounds []models.Round
	err := w.tx.Where("status = ? AND (unit_id IN (?) OR id IN (?))", models.RoundScoring, scope(),
		w.tx.Model(&models.Sheet{}).Where("unit_id IN (?)", scope()).Select("round_id")).Order("id").Find(&rounds).Error
	if err != nil {
		return nil, fmt.Errorf("rounds: %w", store.Translate(err))
	}
	return rounds, nil
}

// errFaulty rolls a write back whose file has faulty rows.
var errFaulty = errors.New("the file has faults")

func (w *write) importScores(file ScoreFile, digest string) (*ScoreCheck, error) {
	c, err := w.checkScores(file)
	switch {
	case err != nil:
		return nil, err
	case c.FaultCount > 0:
		return c.ScoreCheck, errFaulty
	case digest != "" && digest != c.Digest:
		return nil, models.NewError(models.Conflict, "scores.moved")
	case len(c.changes) == 0:
		return nil, models.NewError(models.Conflict, "scores.nothing_new")
	}
	if err := w.putAll(c); err != nil {
		return nil, err
	}
	permission := c.side.permission
	return c.ScoreCheck, w.record(compliance.Act{Action: "import-scores", Object: "round", ID: c.Round.ID, Unit: &c.Office, Permission: permission,
		Detail: map[string]any{"side": c.Side, "file": c.Name, "hash": c.Hash, "rows": c.Rows, "added": c.Added, "changed": c.Changed, "same": c.Same, "sheets": c.Units}})
}

// putAll stores the marks that a file changes, and each sheet once. Each sheet has an
// entry of its own in the audit log, with its marks before and after: what became of a
// mark can be told without the file.
func (w *write) putAll(c *scoreCheck) error {
	papers := make([]*paper, 0, len(c.changes))
	for p := range c.changes {
		papers = append(papers, p)
	}
	slices.SortFunc(papers, func(a, b *paper) int { return int(int64(a.sheet.ID) - int64(b.sheet.ID)) })
	var added, changed []models.SheetMark
	sheets := make([]models.Sheet, len(papers))
	for i, p := range papers {
		before, now := map[string]any{}, map[string]any{}
		for _, row := range c.changes[p] {
			before[row.Indicator] = c.side.facts(p.marks[row.Indicator])
			c.side.stamp(w, &row)
			row.Version++
			p.marks[row.Indicator], now[row.Indicator] = row, c.side.facts(row)
			if row.ID == 0 {
				added = append(added, row)
			} else {
				changed = append(changed, row)
			}
		}
		if err := p.rescore(); err != nil {
			return err
		}
		p.sheet.Version++
		sheets[i] = p.sheet
		err := w.record(compliance.Act{Action: c.side.imported, Object: "sheet", ID: p.sheet.ID, Unit: c.side.of(p), Permission: c.side.permission, Before: before, Now: now,
			Detail: map[string]any{"round": c.Round.ID, "unit": p.unit.Name, "hash": c.Hash}})
		if err != nil {
			return err
		}
	}
	return errors.Join(w.create(added), w.replace(changed), w.replace(sheets))
}

// create stores new rows.
func (w *write) create(rows []models.SheetMark) error {
	if len(rows) == 0 {
		return nil
	}
	if err := w.tx.CreateInBatches(rows, insertBatch).Error; err != nil {
		return fmt.Errorf("store marks: %w", store.Translate(err))
	}
	return nil
}

// replace stores rows that there are, many with one statement.
func (w *write) replace(rows any) error {
	if err := w.tx.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(rows, insertBatch).Error; err != nil {
		return fmt.Errorf("store %T: %w", rows, store.Translate(err))
	}
	return nil
}

// keptFor is how long a file waits to be imported.
const keptFor = 24 * time.Hour

// maxScoreName is how many characters of a file's name are kept.
const maxScoreName = 200

// KeepScores takes a file that is to be checked and then imported, and returns its id for
// who sent it; a file that they sent for the round before is dropped. A file that is no
// table of scores is Invalid, one that is too large TooLarge.
func (d *Desk) KeepScores(ctx context.Context, actor compliance.Actor, round uint64, side models.ScoreSide, name string, content io.Reader) (uint64, error) {
	if _, err := d.look(ctx, actor).mayImport(round, side); err != nil {
		return 0, err
	}
	name = fileName(name)
	data, err := io.ReadAll(io.LimitReader(content, ScoreLimits.File+1))
	switch {
	case err != nil:
		return 0, fmt.Errorf("receive file of scores: %w", err)
	case int64(len(data)) > ScoreLimits.File:
		return 0, models.NewError(models.TooLarge, "exchange.file_size", "Name", name, "MB", ScoreLimits.File>>20)
	}
	file := ScoreFile{Round: round, Side: side, Name: name, Content: data}
	if err := file.whole(); err != nil {
		return 0, err
	}
	row := models.ScoreImport{RoundID: round, UserID: actor.ID, Side: side, Name: name, Hash: file.hash(), Content: data}
	err = d.write(ctx, actor, func(w *write) error {
		row.ID, row.SentAt = 0, w.at
		stale := w.tx.Where("round_id = ? AND user_id = ?", round, actor.ID).Or("sent_at < ?", w.at.Add(-keptFor))
		if err := stale.Delete(&models.ScoreImport{}).Error; err != nil {
			return fmt.Errorf("drop files of scores: %w", store.Translate(err))
		}
		if err := w.tx.Create(&row).Error; err != nil {
			return fmt.Errorf("keep file of scores: %w", store.Translate(err))
		}
		return nil
	})
	return row.ID, err
}

// whole reads the file to its end, so that one that is broken or too long is refused
// before it is kept.
func (f ScoreFile) whole() error {
	reader, err := f.open()
	if err != nil {
		return err
	}
	rows := 0
	for _, err := range reader.Rows() {
		if err != nil {
			return err
		}
		rows++
	}
	if rows == 0 {
		return models.NewError(models.Invalid, "scores.no_rows", "Name", f.Name)
	}
	return nil
}

// fileName is the name of a file without its directory.
func fileName(name string) string {
	runes := []rune(filepath.Base(strings.ReplaceAll(exchange.Clean(name), `\`, "/")))
	return string(runes[max(0, len(runes)-maxScoreName):])
}

// kept returns the file that the actor has sent for the round and its id. Where none
// waits it is a Conflict.
func (w *write) kept(round uint64) (ScoreFile, uint64, error) {
	if _, err := w.scoreRound(round); err != nil {
		return ScoreFile{}, 0, err
	}
	var row models.ScoreImport
	err := one(w.locked().Where("round_id = ? AND user_id = ? AND sent_at >= ?", round, w.actor.ID, w.at.Add(-keptFor)).Order("id DESC"), &row, "scores.file_unknown")
	if models.IsCode(err, models.NotFound) {
		err = models.NewError(models.Conflict, "scores.file_unknown")
	}
	return ScoreFile{Round: row.RoundID, Side: row.Side, Name: row.Name, Content: row.Content}, row.ID, err
}

// KeptScores checks the file that the actor has sent; nil where none waits.
func (d *Desk) KeptScores(ctx context.Context, actor compliance.Actor, round uint64) (*ScoreCheck, error) {
	w := d.look(ctx, actor)
	file, id, err := w.kept(round)
	switch {
	case models.IsCode(err, models.Conflict):
		return nil, nil
	case err != nil:
		return nil, err
	}
	c, err := w.checkScores(file)
	if err != nil {
		return nil, err
	}
	c.File = id
	return c.ScoreCheck, nil
}

// ConfirmScores imports exactly the file with the id that the actor has sent and seen
// checked; then it is dropped. It is ImportScores otherwise. Where another file waits by
// now, or none, it is a Conflict.
func (d *Desk) ConfirmScores(ctx context.Context, actor compliance.Actor, round, file uint64, digest string) (*ScoreCheck, error) {
	var checked *ScoreCheck
	err := d.write(ctx, actor, func(w *write) error {
		sent, err := w.sent(round, file)
		if err != nil {
			return err
		}
		if digest == "" {
			return models.NewError(models.Conflict, "scores.moved")
		}
		if checked, err = w.importScores(sent, digest); err != nil {
			return err
		}
		return w.drop(file)
	})
	if errors.Is(err, errFaulty) {
		return checked, nil
	}
	return checked, err
}

// DropScores drops a file that the actor has sent.
func (d *Desk) DropScores(ctx context.Context, actor compliance.Actor, round, file uint64) error {
	return d.write(ctx, actor, func(w *write) error {
		if _, err := w.sent(round, file); err != nil {
			return err
		}
		return w.drop(file)
	})
}

// sent is kept of a file with the id.
func (w *write) sent(round, file uint64) (ScoreFile, error) {
	kept, id, err := w.kept(round)
	if err == nil && id != file {
		err = models.NewError(models.Conflict, "scores.file_unknown")
	}
	return kept, err
}

func (w *write) drop(id uint64) error {
	if err := w.tx.Delete(&models.ScoreImport{}, id).Error; err != nil {
		return fmt.Errorf("drop file of scores: %w", store.Translate(err))
	}
	return nil
}

// WriteScoreFaults gives the file that the actor has sent back, all of its rows as they
// came, with what is wrong in a last column. Mended, it can be sent again.
func (d *Desk) WriteScoreFaults(ctx context.Context, actor compliance.Actor, round uint64, to io.Writer, lang exchange.Language) error {
	w := d.look(ctx, actor)
	file, _, err := w.kept(round)
	if err != nil {
		return err
	}
	c, err := w.checkScores(file)
	if err != nil {
		return err
	}
	marked, err := exchange.NewFaultWriter(to, exchange.XLSX, c.reader, lang)
	if err != nil {
		return err
	}
	defer marked.Abort()
	for _, row := range c.rows {
		if err := marked.Write(row); err != nil {
			return err
		}
	}
	return marked.Close()
}
