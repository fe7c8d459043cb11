package web

import (
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/exchange"
	"sundial/server/training"
)

// importPages has an import in each of its situations.
func importPages(s sample) []samplePage {
	tabs := UnitTabs{Unit: s.province, Label: "training.tabs", Tabs: []NavItem{{Key: "training.tab.imports", URL: "/units/370000/imports", Current: true}}}
	failed := models.InvalidFields([]models.Field{{Name: "kind", Key: "imports.kind_missing"}}).(*models.Error)
	var views []training.ImportView
	statuses := []models.ImportStatus{models.ImportReading, models.ImportChecked, models.ImportRunning, models.ImportDone, models.ImportRefused, models.ImportDropped}
	for n, status := range statuses {
		views = append(views, s.imported(uint64(n+1), status))
	}
	list := newImportsPage(s.page(), s.province, ImportForm{Failed: failed}, training.ImportPage{Items: views, Next: 3}, true)
	list.Tabs, list.MaxMB = tabs, 20
	none := newImportsPage(s.page(), s.province, ImportForm{Kind: models.ImportAttendance}, training.ImportPage{}, false)
	none.Tabs, none.MaxMB = tabs, 20
	pages := []samplePage{
		{"imports", "imports", list, []string{".tabs [aria-current]", ".error-summary", "form[enctype] input[name=kind][value=staff][checked]", "a[href='/units/370000/imports/template?kind=attendance']",
			".imports tbody tr:nth-child(6)", ".import-status.is-checked", ".pager a[rel=next]", ".pager a[rel=first]"}},
		{"imports-none", "imports", none, []string{".empty", "input[name=kind][value=attendance][checked]"}},
	}
	look := map[models.ImportStatus][]string{
		models.ImportReading: {"#progress[hx-get='/imports/1'][hx-trigger] progress:not([value])", "form[action='/imports/1/drop']", ".without-script a"},
		models.ImportChecked: {"form[action='/imports/2/confirm'] [name=skip_bad][required]", "[formaction='/imports/2/drop']", ".import-counts .is-bad a[href='#rows']",
			".import-rows tbody tr:nth-child(3) code", "a[href='/imports/2/faults']", ".import-notes code", ".import-sessions tbody tr", "a[href='/imports/9']", ".error-summary"},
		models.ImportRunning: {"#progress progress[max='100'][value='50']", ".note.is-returned"},
		models.ImportDone:    {".import-say", ".import-counts", ".import-rows"},
		models.ImportRefused: {".error-summary", "a[href='/units/370000/imports']"},
		models.ImportDropped: {".import-say", ".note.is-returned"},
	}
	for _, view := range views {
		detail := training.ImportDetail{ImportView: view}
		var faulty []training.FaultyRow
		if view.Status == models.ImportChecked || view.Status == models.ImportDone || view.Status == models.ImportDropped {
			faulty = s.faulty()
			detail.Earlier = []training.ImportView{s.imported(9, models.ImportDone)}
			detail.Notes = []models.Field{{Name: "J2", Key: "exchange.heading_unknown", Args: models.Args("Column", "备注")}}
			detail.Sessions = []training.NewSession{{Course: 1, Title: "政府信息公开业务培训", On: calendar.MustParseDate("2016-03-01"), Place: "礼堂", People: 180}}
		}
		page := newImportPage(s.page(), detail, faulty, 0)
		page.Tabs = tabs
		if view.Status == models.ImportChecked {
			page.Failed = models.NewError(models.Conflict, "imports.some_bad", "Count", 3)
		}
		pages = append(pages, samplePage{"import-" + string(view.Status), "import", page, look[view.Status]})
	}
	return pages
}

func (s sample) imported(id uint64, status models.ImportStatus) training.ImportView {
	view := training.ImportView{Unit: s.province, Starter: "李石", Import: models.Import{ID: id, Kind: models.ImportStaff, FileName: "山东省政务公开工作人员花名册.xlsx",
		Status: status, Rows: 1203, Bad: 3, Added: 580, Changed: 12, Same: 8, StartedAt: sampleNow}}
	switch status {
	case models.ImportRefused:
		view.Refusal = models.NewError(models.Invalid, "exchange.headings_missing", "Name", view.FileName, "Row", 2, "Columns", []exchange.Text{{ZH: "姓名", EN: "Name"}})
	case models.ImportRunning:
		view.Refusal = models.NewError(models.Invalid, "imports.trouble")
	case models.ImportDropped:
		view.Refusal = models.NewError(models.Invalid, "imports.revoked")
	}
	return view
}

func (s sample) faulty() []training.FaultyRow {
	column := models.Args("Column", "开始日期", "Value", "去年")
	return []training.FaultyRow{
		{Line: 17, Name: "王芳", Faults: []models.Field{{Name: "H17", Key: "exchange.date", Args: column}, {Name: "E17", Key: "imports.id_number"}}},
		{Line: 18, Name: "", Faults: []models.Field{{Name: "18", Key: "imports.twice", Args: models.Args("First", 17)}}},
		{Line: 29, Name: "李强", Faults: []models.Field{{Name: "A29", Key: "imports.unit_ambiguous", Args: models.Args("Value", "财政局", "Codes", []string{"370100-czj", "370200-czj"})}}},
	}
}
