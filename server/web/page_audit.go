package web

import (
	"slices"
	"strconv"
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/audit"
)

// AuditPage is the audit log, newest first.
type AuditPage struct {
	Page
	Filter AuditFilter
	// Unit is the one to which the page is narrowed, nil for none; Units are
	// offered.
	Unit             *models.Unit
	Units            []models.Unit
	Actions, Objects []AuditWord
	Lines            []AuditLine
	Pager            Pager
	// Refused has what is wrong with the filter; nothing is listed then.
	Refused
}

// AuditFilter is what part of the log is asked for, as it was typed.
type AuditFilter struct{ Unit, User, Action, Object, ID, From, To, Cursor string }

// Any tells whether the filter narrows at all.
func (f AuditFilter) Any() bool {
	f.Cursor = ""
	return f != AuditFilter{}
}

// AuditWord is an action or a kind of object with its name.
type AuditWord struct{ Word, Name string }

// AuditLine is an entry in words.
type AuditLine struct {
	Number string
	At     time.Time
	// Who did it, and in whose name.
	Who, Behalf string
	// Origin is how the request came and, where that may be seen, from where.
	Origin string
	// Action and Object say what was done to what; URL leads to it.
	Action, Object string
	URL            string
	// Name is what the object is called.
	Name  string
	Unit  *models.Unit
	Facts []AuditFact
}

// AuditFact is what an entry tells of a field. What has changed has a Before.
type AuditFact struct {
	Label       string
	Before, Now string
	Changed     bool
}

// Few tells whether the facts are so few that they are shown at once.
func (l AuditLine) Few() bool { return len(l.Facts) <= 6 }

func newAuditPage(page Page, asked AuditFilter, unit *models.Unit, found audit.Page) AuditPage {
	w := auditWords{locale: page.Locale}
	p := AuditPage{Page: page, Filter: asked, Unit: unit,
		Actions: w.options("audit.action.", auditActions, asked.Action), Objects: w.options("audit.object.", auditObjects, asked.Object)}
	for _, entry := range found.Items {
		p.Lines = append(p.Lines, w.line(entry))
	}
	first, next := asked, asked
	first.Cursor, next.Cursor = "", found.Next
	if asked.Cursor != "" {
		p.Pager.FirstURL = first.URL()
	}
	if found.Next != "" {
		p.Pager.NextURL = next.URL()
	}
	return p
}

// auditActions and auditObjects are the words of the log, in the order in which
// the page offers them; each has a message.
var (
	auditActions = []string{
		"file", "withdraw", "check", "verify", "return", "reopen", "begin", "discard", "attach", "detach", "check-link", "register",
		"exempt", "revoke-exemption", "extend", "close", "lift", "except",
		"load", "activate", "amend", "retire", "set_levels", "enter", "remove", "settle", "rebuild",
		"put", "open", "edit", "move", "take_over", "merge", "create", "delete", "invite", "accept", "reset", "disable", "enable", "revoke_tokens",
		"upload-file", "start-import", "import-rows", "finish-import", "drop-import", "import-scores", "import-marks", "import-self",
		"nominate", "confirm", "withdraw-nomination", "reassign", "move-up", "cancel", "hold", "reopen-session", "revive", "apply-rota",
		"record-attendance", "remove-attendance", "check-in",
		"enroll", "correct", "leave", "transfer", "transfer-all", "unlist",
		"score-self", "submit", "score", "complete", "resume",
		"compose", "publish",
		"announce", "freeze", "assign", "unassign", "add-unit", "take-out",
		"send", "acknowledge", "reply", "escalate", "finish", "supersede",
		"divide-tasks", "add-task", "give-task", "report-task", "return-task", "redate-task", "end-task",
		"inspect",
		"sign_in", "sign_in_refused", "set_password", "change_password",
	}
	auditObjects = []string{
		"report", "duty", "trigger", "draft", "evidence", "period", "policy", "notice", "calendar", "tally", "unit", "user", "grant", "invitation", "token",
		"import", "round",
		"course", "plan", "session", "attendance", "person",
		"sheet", "mark", "score-file", "bulletin",
		"inspection", "finding",
		"urge", "urge-rule",
		"task", "task-share",
	}
)

// auditWords puts the log into words of one language. What has no word is shown
// as it stands in the log: it may be older or newer than the words.
type auditWords struct {
	locale *frontend.Locale
	// unit is that of the entry, to name it where its code stands; nil for none.
	unit *models.Unit
}

func (w auditWords) options(prefix string, words []string, chosen string) []AuditWord {
	if chosen != "" && !slices.Contains(words, chosen) {
		words = append(slices.Clone(words), chosen)
	}
	options := make([]AuditWord, len(words))
	for i, word := range words {
		options[i] = AuditWord{word, w.choice(prefix, word)}
	}
	return options
}

// choice names a word where it stands alone: some mean something else with
// another object, which the name then has.
func (w auditWords) choice(prefix, word string) string {
	if key := "audit.choice." + word; w.locale.Has(key) {
		return w.locale.Text(key, nil)
	}
	return w.word(prefix, word)
}

func (w auditWords) word(prefix, word string) string {
	if key := prefix + word; w.locale.Has(key) {
		return w.locale.Text(key, nil)
	}
	return word
}

func (w auditWords) line(e audit.Entry) AuditLine {
	line := AuditLine{Number: e.Number(), At: e.At, Who: w.who(e), Action: w.word("audit.action.", e.Action), Object: w.object(e), Unit: e.Unit,
		Name: w.locale.Value(e.Name), Facts: auditFacts(w, e)}
	if e.Behalf != line.Who {
		line.Behalf = e.Behalf
	}
	if e.Via != "" {
		line.Origin = w.word("audit.via.", e.Via)
	}
	if e.Address != "" {
		line.Origin = w.locale.Value([]string{line.Origin, e.Address})
	}
	switch {
	case e.Duty != 0:
		line.URL = View{}.DutyURL(e.Duty)
	case e.Object == "import":
		line.URL = importURL(e.ObjectID)
	case e.Object == "person" && e.ObjectID != 0:
		line.URL = personURL(e.ObjectID)
	case e.Object == "unit" && e.Unit != nil:
		line.URL = View{}.UnitURL(e.Unit.Code)
	case e.Object == "course":
		line.URL = courseURL(e.ObjectID)
	case e.Object == "inspection":
		line.URL = inspectionURL(e.ObjectID)
	case e.Object == "finding":
		line.URL = findingURL(e.ObjectID)
	case e.Object == "session":
		line.URL = sessionURL(e.ObjectID)
	case e.Object == "task":
		line.URL = taskURL(e.ObjectID)
	case e.Object == "urge":
		line.URL = urgeURL(e.ObjectID)
	case e.Object == "bulletin" && e.Action != "discard":
		line.URL = bulletinURL(e.ObjectID)
	}
	return line
}

func (w auditWords) object(e audit.Entry) string {
	object := w.word("audit.object.", e.Object)
	if e.ObjectID == 0 {
		return object
	}
	return object + " " + strconv.FormatUint(e.ObjectID, 10)
}

// who names who did it: somebody, a command, or the program itself.
func (w auditWords) who(e audit.Entry) string {
	switch {
	case e.UserName != "":
		return e.UserName
	case e.Via == "command":
		return w.locale.Text("audit.who.command", nil)
	default:
		return w.locale.Text("audit.who.program", nil)
	}
}
