package compliance

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/evidence"
	"sundial/server/rules"
	"sundial/server/store"
)

// Looking at links: a user has five looks at once and one more every two seconds,
// so that nobody uses this server to knock at another one.
const (
	linkLooks = 5
	linkEvery = 2 * time.Second
)

// linkDesk looks at links for users, each at their pace.
type linkDesk struct {
	checker *evidence.LinkChecker

	mu       sync.Mutex
	limiters map[uint64]*rate.Limiter
}

// LookAtLinks lets the ledger look at links with the checker. Without one, and
// with one that has no hosts, CheckLink is a Conflict.
func (l *Ledger) LookAtLinks(checker *evidence.LinkChecker) {
	l.links = &linkDesk{checker: checker, limiters: map[uint64]*rate.Limiter{}}
}

// LooksAt tells whether the address is one that CheckLink would look at.
func (l *Ledger) LooksAt(address string) bool {
	return l.links != nil && l.links.checker.Covers(address)
}

// take uses one look of the user, or returns the TooMany that says how many
// seconds to wait.
func (d *linkDesk) take(user uint64, now time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	limiter, known := d.limiters[user]
	if !known {
		limiter = rate.NewLimiter(rate.Every(linkEvery), linkLooks)
		d.limiters[user] = limiter
	}
	look := limiter.ReserveN(now, 1)
	wait := look.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	look.CancelAt(now)
	return models.NewError(models.TooMany, "link.too_many", "Seconds", int(math.Ceil(wait.Seconds())))
}

// CheckLink has the server look at the link of a report now, and keeps what it
// saw: that there is no page is worth keeping too. It is for who decides on the
// unit's reports or files them. A report without a link, and checks that are off,
// are a Conflict; a link to a host that is not listed is Invalid; too many looks
// are TooMany. The look, which may take seconds, is no part of the transaction.
func (l *Ledger) CheckLink(ctx context.Context, actor Actor, report uint64) (*LinkCheckView, error) {
	address, err := l.linkToCheck(ctx, actor, report)
	if err != nil {
		return nil, err
	}
	if err := l.links.take(actor.ID, l.now()); err != nil {
		return nil, err
	}
	seen, err := l.links.checker.Check(ctx, address)
	if err != nil {
		return nil, err
	}
	var kept models.LinkCheck
	err = l.write(ctx, actor, func(w *write) error {
		kept, err = w.keepLook(report, seen)
		return err
	})
	return &LinkCheckView{LinkCheck: kept, CheckedName: actor.Name, Why: whyNot(kept)}, err
}

// linkToCheck returns the link of a report whose links the actor may check.
func (l *Ledger) linkToCheck(ctx context.Context, actor Actor, id uint64) (string, error) {
	report, _, err := reportToCheck(l.store.Read(ctx), actor, id)
	if err != nil {
		return "", err
	}
	if l.links == nil || !l.links.checker.Enabled() {
		return "", models.NewError(models.Conflict, "link.off")
	}
	content, err := filingOf(*report)
	if err == nil && content.URL == "" {
		err = models.NewError(models.Conflict, "link.none")
	}
	return content.URL, err
}

// reportToCheck returns a report whose links the actor may check, and its unit.
func reportToCheck(db *gorm.DB, actor Actor, id uint64) (*models.Report, *models.Unit, error) {
	var report models.Report
	if err := one(db.Where("id = ?", id), &report, "report"); err != nil {
		return nil, nil, reportUnknown(err)
	}
	var unit models.Unit
	if err := one(db.Where("id = ?", report.UnitID), &unit, "unit"); err != nil {
		return nil, nil, err
	}
	switch {
	case !actor.Access.AllowsAt("report", "read", unit.Path):
		return nil, nil, models.NewError(models.NotFound, "report.unknown")
	case !MayCheckLinks(actor, unit):
		return nil, nil, models.NewError(models.Forbidden, "link.not_yours", "Unit", unit.Name)
	}
	return &report, &unit, nil
}

// MayCheckLinks tells whether the actor may have links of the unit's reports
// looked at.
func MayCheckLinks(actor Actor, unit models.Unit) bool {
	return actor.Access.AllowsAt("link", "check", unit.Path)
}

func (w *write) keepLook(id uint64, seen evidence.Seen) (models.LinkCheck, error) {
	_, unit, err := reportToCheck(w.tx, w.actor, id)
	if err != nil {
		return models.LinkCheck{}, err
	}
	kept := models.LinkCheck{ReportID: id, URL: seen.URL, FinalURL: seen.FinalURL, Status: seen.Status, Title: seen.Title,
		Failure: seen.Failure.Key, Host: hostOf(seen.Failure), CheckedBy: w.actor.ID, CheckedAt: w.moment.at}
	if err := w.tx.Create(&kept).Error; err != nil {
		return kept, fmt.Errorf("store link check: %w", err)
	}
	e := event{action: "check-link", object: "report", id: id, unit: unit,
		detail: map[string]any{"url": seen.URL, "http_status": seen.Status, "failure": seen.Failure.Key}}
	if w.actor.Access.AllowsAt("report", "verify", unit.Path) {
		e.office = rbac.Permission{Object: "report", Action: "verify"}
	}
	return kept, w.record(e)
}

// maxHost is the longest name of a host that is kept, in bytes.
const maxHost = 255

func hostOf(f evidence.Failure) string {
	host, _ := f.Args["Host"].(string)
	return strings.ToValidUTF8(host[:min(len(host), maxHost)], "")
}

// LinkCheckView is what a link showed, with who had it looked at. Why says why
// there was no page to see; it is empty when there was one.
type LinkCheckView struct {
	models.LinkCheck
	CheckedName string
	Why         rules.Reason
}

// Sound tells whether the link showed a page.
func (c LinkCheckView) Sound() bool { return c.Failure == "" && c.Status >= 200 && c.Status < 300 }

func whyNot(check models.LinkCheck) rules.Reason {
	if check.Failure == "" {
		return rules.Reason{}
	}
	failure := evidence.Recorded(check.Failure, check.Host)
	return rules.Reason{Key: failure.Key, Args: failure.Args}
}

// linkChecksOf returns what the links of reports showed, by report, the newest
// first.
func linkChecksOf(db *gorm.DB, reports []models.Report, asOf calendar.Date) (map[uint64][]LinkCheckView, error) {
	ids := make([]uint64, len(reports))
	for i, r := range reports {
		ids[i] = r.ID
	}
	var rows []models.LinkCheck
	if err := db.Where("report_id IN ?", ids).Order("id DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("link checks: %w", store.Translate(err))
	}
	var people []*uint64
	for i := range rows {
		people = append(people, &rows[i].CheckedBy)
	}
	checks := map[uint64][]LinkCheckView{}
	if len(rows) == 0 {
		return checks, nil
	}
	names, err := namesOf(db, people...)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if momentOf(row.CheckedAt).today > asOf {
			continue
		}
		checks[row.ReportID] = append(checks[row.ReportID], LinkCheckView{row, names.of(&row.CheckedBy), whyNot(row)})
	}
	return checks, nil
}
