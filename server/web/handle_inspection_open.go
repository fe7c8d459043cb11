package web

import (
	"slices"
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/supervision"
)

func (s *Server) showInspectionForm(r *request) error {
	year, err := strconv.Atoi(r.Query("year"))
	if err != nil {
		year = 0 // the latest of which there are duties
	}
	page, err := s.inspectionOpenPage(r, year)
	if err != nil {
		return err
	}
	return s.show(r, "inspection_open", page)
}

func (s *Server) inspectionOpenPage(r *request, year int) (*InspectionOpenPage, error) {
	unit, err := s.unit(r, r.Param("code"), "inspection", "manage")
	if err != nil {
		return nil, err
	}
	years, err := s.Ledger.Years(r.Request.Context(), unit)
	if err != nil {
		return nil, err
	}
	if year == 0 {
		year = years.Current(s.Ledger.Today().Year())
	}
	known, err := s.Supervision.Inspectable(r.Request.Context(), unit, year)
	if err != nil {
		return nil, err
	}
	classes, err := s.Supervision.Classes(r.Request.Context(), r.Actor, unit.Code)
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.supervisionPage(r, unit, "inspections", r.Locale.Text("inspections.open", nil))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("inspections.title", nil), URL: unitURL(unit, "inspections")})
	page := newInspectionOpenPage(base, unit, year, known, classes, r.Request.PostForm)
	page.Tabs = tabs
	page.Years = years.All(year)
	if today := base.Today.Year(); !slices.Contains(page.Years, today) {
		page.Years = append([]int{today}, page.Years...)
	}
	return page, nil
}

// inspectionInput reads the form.
func (r *request) inspectionInput() (supervision.InspectionInput, []models.Field) {
	f := formReader{values: r.Request.PostForm}
	in := supervision.InspectionInput{Title: f.text("title"), Basis: f.text("basis"), Year: f.number("year"), Obligations: r.PostFormArray("obligations"),
		StartOn: f.date("start_on"), EndOn: f.date("end_on"), RectifyTerm: f.number("rectify_term"), Unannounced: f.text("unannounced") != "",
		Pick: supervision.Pick{Codes: unitCodes(f.text("codes")), Classes: r.PostFormArray("classes"), Whole: f.text("whole") == "1"}}
	for _, kind := range r.PostFormArray("kinds") {
		in.Pick.Kinds = append(in.Pick.Kinds, models.UnitKind(kind))
	}
	if f.text("mode") == "sample" {
		in.Sample = &supervision.SampleInput{Size: f.number("sample"), PerClass: f.text("per_class") != "", Seed: f.text("seed"), Source: f.text("seed_source")}
	}
	return in, f.problems
}

// number reads a whole number; what is none is complained of.
func (r *formReader) number(name string) int {
	n, err := strconv.Atoi(r.text(name))
	if err != nil {
		r.problems = append(r.problems, models.Field{Name: name, Key: "inspections.no_number", Args: models.Args("Value", r.text(name))})
	}
	return n
}

// unitCodes splits codes that were typed with spaces, commas or line breaks between them.
func unitCodes(text string) []string {
	codes := strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" ,;\u3001\uff0c\uff1b\r\n\t", c) })
	slices.Sort(codes)
	return slices.Compact(codes)
}

// openInspection shows what the form would open and, once that is confirmed, opens it.
func (s *Server) openInspection(r *request) error {
	// Only who opens inspections here is told what is wrong with the form.
	unit, err := s.unit(r, r.Param("code"), "inspection", "manage")
	if err != nil {
		return err
	}
	in, problems := r.inspectionInput()
	var preview *supervision.InspectionPreview
	if err = models.InvalidFields(problems); err == nil && r.PostForm("confirm") != "" {
		row, err := s.Supervision.OpenInspection(r.Request.Context(), r.Actor, unit.Code, in)
		if err == nil {
			return s.done(r, inspectionURL(row.ID), "flash.inspection_opened", nil)
		}
		return s.inspectionFormAgain(r, in.Year, nil, err)
	}
	if err == nil {
		preview, err = s.Supervision.PreviewInspection(r.Request.Context(), r.Actor, unit.Code, in)
	}
	return s.inspectionFormAgain(r, in.Year, preview, err)
}

// inspectionFormAgain shows the form with what was typed: with the preview, or with why it
// was refused.
func (s *Server) inspectionFormAgain(r *request, year int, preview *supervision.InspectionPreview, err error) error {
	why, status := refusedAs(r, err)
	if err != nil && why == nil {
		return err
	}
	page, pageErr := s.inspectionOpenPage(r, year)
	if pageErr != nil {
		return pageErr
	}
	if err == nil {
		page.foresee(preview, r.Request.PostForm)
		return s.show(r, "inspection_open", page)
	}
	page.refuse(why)
	s.send(r, status, "inspection_open", page)
	return nil
}
