package training_test

import (
	"strings"
	"testing"

	"sundial/models"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// writings are ways in which the number of an ID card is written.
var writings = map[string]string{
	"plain": idOfWang, "small x": strings.ToLower(idOfWang), "spaced": "110105 19491231 002X", "wide": "１１０１０５１９４９１２３１００２Ｘ",
	"hyphens": "110105-19491231-002X", "wide spaces": "110105　19491231　002x", "in words": "工号11010519491231002X号", "invisible": "110105\u200b19491231002X",
}

func TestNoFormTakesIDNumbersElsewhere(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04")
	by := w.reporter(jinan)
	known := w.hired(staff(jinan, "李伟", "2016-01-01", "1"))
	for name, text := range writings {
		t.Run(name, func(t *testing.T) {
			for field, set := range map[string]func(e *training.StaffEntry){
				"number": func(e *training.StaffEntry) { e.Number = text },
				"name":   func(e *training.StaffEntry) { e.Name = text },
				"post":   func(e *training.StaffEntry) { e.Post = text },
			} {
				e := staff(jinan, "王芳", "2017-03-01", "2")
				set(&e)
				_, err := w.AddStaff(t.Context(), by, e)
				wantIDRefused(t, err, field)
			}
			view := w.person(known)
			edit := training.PersonEdit{Name: "李伟", Number: text}
			wantIDRefused(t, w.EditPerson(t.Context(), by, known, view.Version, edit), "number")
			post := training.PostingEdit{Post: text, StartOn: day("2016-01-01")}
			wantIDRefused(t, w.CorrectPosting(t.Context(), by, known, view.Version, view.Postings[0].ID, post), "post")
		})
	}
	w.wantPostings("李伟 370100 2016-01-01")
	_, err := w.AddStaff(t.Context(), by, staff(jinan, "王芳", "2017-03-01", "110105194912310021")) // no check
	w.must(err)
}

func wantIDRefused(t *testing.T, err error, field string) {
	t.Helper()
	refused, is := err.(*models.Error)
	if !is || len(refused.Fields) != 1 || refused.Fields[0].Name != field || refused.Fields[0].Key != "roster.id_elsewhere" || len(refused.Fields[0].Args) > 0 {
		t.Errorf("%s: %v, want it refused without being repeated", field, err)
	}
}

func TestNoImportTakesIDNumbersElsewhere(t *testing.T) {
	i := newImporting(t, storetest.SQLite(t))
	for name, text := range writings {
		t.Run(name, func(t *testing.T) {
			id := i.received(models.ImportStaff, "单位代码,姓名,工号,职务,开始日期", jinan+",王芳,"+text+",,2017-03-01", jinan+",王芳,2,"+text+",2017-03-01",
				text+",王芳,3,,2017-03-01", jinan+","+text+",4,,2017-03-01")
			i.wantCounts(id, "checked: 4 rows, 4 bad, 0 added, 0 changed, 0 same")
			var rows []models.ImportRow
			i.must(i.store.Read(t.Context()).Where("import_id = ?", id).Find(&rows).Error)
			for _, row := range rows {
				for _, stored := range []string{row.Content, row.Faults} {
					if strings.Contains(stored, text) || strings.Contains(stored, "1949") {
						t.Errorf("line %d: the number is stored: %s", row.Line, stored)
					}
				}
			}
		})
	}
}

func TestIDNumbersAreReadHoweverTheyAreWritten(t *testing.T) {
	i := newImporting(t, storetest.SQLite(t))
	id := i.received(models.ImportStaff, "单位代码,姓名,身份证号,开始日期", jinan+",王芳,"+writings["wide"]+",2017-03-01")
	i.wantCounts(id, "checked: 1 rows, 0 bad, 1 added, 0 changed, 0 same")
}
