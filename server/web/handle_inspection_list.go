package web

import (
	"slices"
	"strconv"

	"sundial/models"
	"sundial/server/supervision"
)

func (s *Server) listInspections(r *request) error {
	filter := InspectionFilter{Status: r.Query("status"), Text: r.Query("q")}
	filter.Year, _ = strconv.Atoi(r.Query("year"))
	if !slices.Contains([]string{string(models.InspectionOpen), string(models.InspectionClosed)}, filter.Status) {
		filter.Status = ""
	}
	list, err := s.Supervision.Inspections(r.Request.Context(), r.Actor, r.Param("code"), supervision.InspectionQuery{Year: filter.Year,
		Status: models.InspectionStatus(filter.Status), Text: filter.Text, Cursor: r.Query("after"), Limit: inspectionsAtMost})
	if err != nil {
		return err
	}
	base, tabs, err := s.supervisionPage(r, list.Unit, "inspections", r.Locale.Text("inspections.title", nil))
	if err != nil {
		return err
	}
	page := newInspectionsPage(base, list, filter)
	page.Tabs = tabs
	if r.may("inspection", "manage", list.Unit) {
		page.OpenURL = unitURL(list.Unit, "inspections", "new")
	}
	if r.Query("after") != "" {
		page.Pager.FirstURL = filter.url(list.Unit, filter.Status, "")
	}
	return s.show(r, "inspections", page)
}
