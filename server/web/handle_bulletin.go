package web

import (
	"sort"
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/bulletin"
)

func (s *Server) listBulletins(r *request) error {
	filter := BulletinFilter{Status: r.Query("status"), Text: r.Query("q")}
	filter.Year, _ = strconv.Atoi(r.Query("year")) // what is no year does not narrow
	list, err := s.Bulletins.Bulletins(r.Request.Context(), r.Actor, r.Param("code"), bulletin.Query{Status: models.BulletinStatus(filter.Status),
		Year: filter.Year, Text: filter.Text, Cursor: r.Query("after"), Limit: bulletinsAtMost})
	if err != nil {
		return err
	}
	base, tabs, err := s.supervisionPage(r, list.Unit, "bulletins", r.Locale.Text("bulletins.title", nil))
	if err != nil {
		return err
	}
	page := newBulletinsPage(base, list, filter)
	page.Tabs = tabs
	if r.Query("after") != "" {
		page.Pager.FirstURL = filter.url(list.Unit, filter.Status, "")
	}
	return s.show(r, "bulletins", page)
}

// bulletinInput reads what a bulletin is about. Without a year nothing was asked for yet:
// the form begins with the year before, or the current one, up to yesterday, the last day that is over.
func (s *Server) bulletinInput(values func(string) string, years []int) (bulletin.Input, []models.Field) {
	if values("year") == "" {
		yesterday := s.Ledger.Today() - 1
		in := bulletin.Input{Year: yesterday.Year(), AsOf: yesterday, Settings: bulletin.DefaultSettings}
		if len(years) > 0 {
			in.Year = min(in.Year, years[0])
		}
		return in, nil
	}
	f := formReader{values: map[string][]string{"as_of": {values("as_of")}}}
	in := bulletin.Input{AsOf: f.date("as_of"), Policy: values("policy")}
	number := func(name string) int {
		text := strings.TrimSpace(values(name))
		n, err := strconv.Atoi(text)
		if err != nil && text != "" {
			f.problems = append(f.problems, models.Field{Name: name, Key: "bulletins.bad_number", Args: models.Args("Value", text)})
		}
		return n
	}
	in.Year = number("year")
	if text := values("round"); text != "" {
		round, err := strconv.ParseUint(text, 10, 63)
		if err != nil || round == 0 {
			f.problems = append(f.problems, models.Field{Name: "round", Key: "bulletins.round_unknown"})
		}
		in.Round = round
	}
	on := func(name string) bool { return values(name) != "" }
	in.Settings = bulletin.Settings{Parts: bulletin.Parts{Late: on("late"), Tasks: on("tasks"), Findings: on("findings"), Urges: on("urges")},
		Praise:    bulletin.Praise{InTime: on("in_time"), RankTo: number("rank_to"), TopGrade: on("top_grade")},
		Criticism: bulletin.Criticism{OverdueFrom: number("overdue_from"), RedUrge: on("red_urge"), SeriousFinding: on("serious_finding")}}
	below := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(values("completion_below")), "%"))
	if below != "" && in.Settings.Criticism.CompletionBelow.UnmarshalText([]byte(below)) != nil {
		f.problems = append(f.problems, models.Field{Name: "completion_below", Key: "bulletins.bad_rate"})
	}
	return in, f.problems
}

// bulletinForm is the form that says what a bulletin of the unit is about.
func (s *Server) bulletinForm(r *request, unit models.Unit, in bulletin.Input) (*BulletinQuestion, error) {
	ctx := r.Request.Context()
	rounds, err := s.Bulletins.Rounds(ctx, r.Actor, unit)
	if err != nil {
		return nil, err
	}
	policies, err := s.Ledger.PoliciesOf(ctx, unit)
	if err != nil {
		return nil, err
	}
	var options []PolicyOption
	for _, policy := range policies {
		options = append(options, PolicyOption{policy.Row.Code, policy.Policy.Title})
	}
	q := bulletinQuestion(r.Locale, in, policyOptions(r.Locale, options), rounds, (s.Ledger.Today() - 1).String())
	return &q, nil
}

func (s *Server) showBulletinForm(r *request) error {
	return s.bulletinNew(r, r.Query, r.Query("year") != "", nil)
}

// bulletinNew shows the form of a new bulletin, with what it would be when asked for.
func (s *Server) bulletinNew(r *request, values func(string) string, preview bool, why *models.Error) error {
	ctx := r.Request.Context()
	unit, err := s.unit(r, r.Param("code"), "bulletin", "manage")
	if err != nil {
		return err
	}
	years, err := s.Ledger.Years(ctx, unit)
	if err != nil {
		return err
	}
	in, faults := s.bulletinInput(values, []int{years.Current(s.Ledger.Today().Year())})
	form, err := s.bulletinForm(r, unit, in)
	if err != nil {
		return err
	}
	form.Action = unitURL(unit, "bulletins")
	base, tabs, err := s.supervisionPage(r, unit, "bulletins", r.Locale.Text("bulletins.new", nil))
	if err != nil {
		return err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("bulletins.title", nil), URL: unitURL(unit, "bulletins")})
	page := &BulletinNewPage{Page: base, Tabs: tabs, Unit: unit, BackURL: unitURL(unit, "bulletins")}
	status := 200
	if why == nil && preview {
		err := models.InvalidFields(faults)
		if err == nil {
			page.Preview, err = s.Bulletins.Preview(ctx, r.Actor, unit.Code, in)
		}
		if why, status = refusedAs(r, err); err != nil && why == nil {
			return err
		}
		if err == nil {
			status = 200
			page.Content = newBulletinContent(bulletin.Publication{Title: page.Preview.Title, Office: page.Preview.Data.Scope, Year: in.Year, AsOf: in.AsOf,
				Paragraphs: page.Preview.Paragraphs, Data: page.Preview.Data, Status: models.BulletinDraft})
		}
	} else if why != nil {
		_, status = refusedAs(r, why)
	}
	if why != nil {
		form.refuse(r.Locale, why)
		if why.Code != models.Invalid {
			page.Error = why
		}
	}
	page.Form = *form
	s.send(r, status, "bulletin_new", page)
	return nil
}

func (s *Server) draftBulletin(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "bulletin", "manage")
	if err != nil {
		return err
	}
	in, faults := s.bulletinInput(r.PostForm, nil)
	if err = models.InvalidFields(faults); err == nil {
		var row *models.Bulletin
		if row, err = s.Bulletins.Draft(r.Request.Context(), r.Actor, unit.Code, in); err == nil {
			return s.done(r, bulletinURL(row.ID), "flash.bulletin_drafted", nil)
		}
	}
	why, _ := refusedAs(r, err)
	if why == nil {
		return err
	}
	return s.bulletinNew(r, r.PostForm, false, why)
}

func (s *Server) showBulletin(r *request) error {
	page, err := s.bulletinPage(r)
	if err != nil {
		return err
	}
	return s.show(r, "bulletin", page)
}

// bulletinView reads a bulletin with what stands around its pages.
func (s *Server) bulletinView(r *request) (*bulletin.View, Page, UnitTabs, error) {
	id, err := r.id()
	if err != nil {
		return nil, Page{}, UnitTabs{}, err
	}
	view, err := s.Bulletins.Bulletin(r.Request.Context(), r.Actor, id)
	if err != nil {
		return nil, Page{}, UnitTabs{}, err
	}
	base, tabs, err := s.supervisionPage(r, view.Unit, "bulletins", view.Title)
	if err != nil {
		return nil, Page{}, UnitTabs{}, err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("bulletins.title", nil), URL: unitURL(view.Unit, "bulletins")})
	return view, base, tabs, nil
}

func (s *Server) bulletinPage(r *request) (*BulletinPage, error) {
	view, base, tabs, err := s.bulletinView(r)
	if err != nil {
		return nil, err
	}
	page := newBulletinPage(base, view)
	page.Tabs = tabs
	if page.Editor == nil {
		return page, nil
	}
	in := bulletin.Input{Year: view.Year, AsOf: view.AsOf, Policy: view.Policy, Settings: view.Settings}
	if view.RoundID != nil {
		in.Round = *view.RoundID
	}
	if page.Question, err = s.bulletinForm(r, view.Unit, in); err != nil {
		return nil, err
	}
	page.Question.Action, page.Question.Version = bulletinURL(view.ID, "compose"), view.Version
	return page, nil
}

// wordsInput reads the words of the editor: paragraphs in the order that their numbers
// ask for, blank ones left out.
func (r *request) wordsInput() bulletin.WordsInput {
	form := r.Request.PostForm
	in := bulletin.WordsInput{Title: form.Get("title"), Number: form.Get("number"), Change: form.Get("change")}
	type placed struct {
		bulletin.Paragraph
		place float64
	}
	var list []placed
	for i, text := range form["text"] {
		p := placed{bulletin.Paragraph{Text: text}, float64(i + 1)}
		if i < len(form["heading"]) {
			p.Heading = form["heading"][i]
		}
		if i < len(form["place"]) {
			if place, err := strconv.ParseFloat(form["place"][i], 64); err == nil {
				p.place = place
			}
		}
		if strings.TrimSpace(p.Heading+p.Text) != "" {
			list = append(list, p)
		}
	}
	sort.SliceStable(list, func(a, b int) bool { return list[a].place < list[b].place })
	for _, p := range list {
		in.Words.Paragraphs = append(in.Words.Paragraphs, p.Paragraph)
	}
	for _, tick := range form["tick"] {
		if number, around, found := strings.Cut(tick, "|"); found {
			in.Words.Ticked = append(in.Words.Ticked, bulletin.Ticked{Number: number, Around: around})
		}
	}
	return in
}

// saveBulletinWords saves the words; who goes on to check them has saved them before.
func (s *Server) saveBulletinWords(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	in := r.wordsInput()
	if _, err = s.Bulletins.PutWords(r.Request.Context(), r.Actor, id, r.version(), in); err == nil {
		if r.PostForm("then") == "check" {
			return s.done(r, bulletinURL(id, "check"), "flash.bulletin_saved", nil)
		}
		return s.done(r, bulletinURL(id), "flash.bulletin_saved", nil)
	}
	return s.refuseBulletin(r, err, func(page *BulletinPage, why *models.Error) {
		if page.Editor != nil {
			page.Editor = newBulletinEditor(page.View, in)
			page.Editor.Version = r.version()
			page.Editor.refuse(r.Locale, why)
		}
	})
}

// refuseBulletin shows the page again with why something was refused.
func (s *Server) refuseBulletin(r *request, err error, place func(page *BulletinPage, why *models.Error)) error {
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	page, pageErr := s.bulletinPage(r)
	if pageErr != nil {
		return err
	}
	place(page, why)
	if why.Code != models.Invalid {
		page.Error = why
	}
	s.send(r, status, "bulletin", page)
	return nil
}

func (s *Server) recomposeBulletin(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	in, faults := s.bulletinInput(r.PostForm, nil)
	if err = models.InvalidFields(faults); err == nil {
		if _, err = s.Bulletins.Recompose(r.Request.Context(), r.Actor, id, r.version(), in); err == nil {
			return s.done(r, bulletinURL(id), "flash.bulletin_composed", nil)
		}
	}
	return s.refuseBulletin(r, err, func(page *BulletinPage, why *models.Error) {
		if page.Question == nil {
			return
		}
		form, formErr := s.bulletinForm(r, page.View.Unit, in)
		if formErr == nil {
			form.Action, form.Version = page.Question.Action, r.version() // a stale one stays stale
			page.Question = form
		}
		page.Question.refuse(r.Locale, why)
	})
}

func (s *Server) discardBulletin(r *request) error {
	view, _, _, err := s.bulletinView(r)
	if err != nil {
		return err
	}
	if err = s.Bulletins.Discard(r.Request.Context(), r.Actor, view.ID, r.version()); err == nil {
		return s.done(r, unitURL(view.Unit, "bulletins"), "flash.bulletin_discarded", nil)
	}
	return s.refuseBulletin(r, err, func(*BulletinPage, *models.Error) {})
}

func (s *Server) correctBulletin(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	row, err := s.Bulletins.Correct(r.Request.Context(), r.Actor, id, r.PostForm("change"))
	if err == nil {
		return s.done(r, bulletinURL(row.ID), "flash.bulletin_correcting", models.Args("Edition", row.Edition))
	}
	return s.refuseBulletin(r, err, func(page *BulletinPage, why *models.Error) {
		if page.Correct != nil && why.Code == models.Invalid {
			page.Correct.refuse(r.Locale, r.Request.PostForm, why)
		}
	})
}

func (s *Server) checkBulletin(r *request) error { return s.bulletinCheck(r, nil) }

// bulletinCheck shows what is compared before a draft is published, and why it was not.
func (s *Server) bulletinCheck(r *request, refusal *models.Error) error {
	view, base, tabs, err := s.bulletinView(r)
	if err != nil {
		return err
	}
	if view.Status == models.BulletinPublished {
		page := newBulletinPage(base, view)
		page.Tabs, page.Error = tabs, refusal
		status := 200
		if refusal != nil {
			_, status = refusedAs(r, refusal)
		}
		s.send(r, status, "bulletin", page)
		return nil
	}
	report, err := s.Bulletins.Report(r.Request.Context(), r.Actor, view.ID)
	if err != nil {
		return err
	}
	base.stepBefore(Crumb{Text: view.Title, URL: bulletinURL(view.ID)})
	if end := len(base.Breadcrumb) - 1; end >= 0 {
		base.Breadcrumb[end].Text = r.Locale.Text("bulletins.check_title", nil)
	}
	page := newBulletinCheckPage(base, view, report)
	page.Tabs, page.Error = tabs, refusal
	status := 200
	if refusal != nil {
		_, status = refusedAs(r, refusal)
	}
	s.send(r, status, "bulletin_check", page)
	return nil
}

func (s *Server) publishBulletin(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	row, err := s.Bulletins.Publish(r.Request.Context(), r.Actor, id, r.version())
	if err == nil {
		return s.done(r, bulletinURL(id), "flash.bulletin_published", models.Args("Series", row.Series, "Edition", row.Edition))
	}
	why, _ := refusedAs(r, err)
	if why == nil {
		return err
	}
	return s.bulletinCheck(r, why)
}
