package web

import (
	"bytes"
	"fmt"
	"net/http"

	"sundial/server/calendar"
	"sundial/server/exchange"
	"sundial/server/training"
)

// rosterFile is the roster as a file. Its headings are understood by the import
// of staff, so that a file which was corrected can be taken in again.
var rosterFile = exchange.Table{
	Name: exchange.Text{ZH: "花名册", EN: "Roster"},
	Columns: []exchange.Column{
		{Key: "unit_code", Heading: exchange.Text{ZH: "单位代码", EN: "Unit code"}},
		{Key: "unit", Heading: exchange.Text{ZH: "单位名称", EN: "Unit"}, Width: 26},
		{Key: "name", Heading: exchange.Text{ZH: "姓名", EN: "Name"}},
		{Key: "number", Heading: exchange.Text{ZH: "工号", EN: "Staff number"}},
		{Key: "post", Heading: exchange.Text{ZH: "职务/岗位", EN: "Post"}, Width: 20},
		{Key: "part_time", Heading: exchange.Text{ZH: "专兼职", EN: "Full or part time"}, Kind: exchange.KindChoice, Words: []exchange.Word{
			{Value: "full", Text: exchange.Text{ZH: "专职", EN: "Full time"}}, {Value: "part", Text: exchange.Text{ZH: "兼职", EN: "Part time"}}}},
		{Key: "start_on", Heading: exchange.Text{ZH: "开始日期", EN: "From"}, Kind: exchange.KindDate},
		{Key: "end_on", Heading: exchange.Text{ZH: "结束日期", EN: "To"}, Kind: exchange.KindDate},
		{Key: "trained_on", Heading: exchange.Text{ZH: "最近有效培训", EN: "Last trained"}, Kind: exchange.KindDate},
	},
}

// downloadRoster gives the whole roster that the page shows as CSV.
func (s *Server) downloadRoster(r *request) error {
	query, err := rosterQuery(r)
	if err != nil {
		return err
	}
	query.Limit, query.Cursor = 0, ""
	found, err := s.Desk.Roster(r.Request.Context(), r.Actor, query)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := writeRoster(&body, r, found); err != nil {
		return fmt.Errorf("roster as a file: %w", err)
	}
	r.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "roster-"+found.Unit.Code+"-"+found.On.String()+".csv"))
	r.Data(http.StatusOK, "text/csv; charset=utf-8", body.Bytes())
	return nil
}

func writeRoster(body *bytes.Buffer, r *request, found training.RosterPage) error {
	w, err := exchange.NewWriter(body, exchange.CSV, rosterFile, r.fileLanguage())
	if err != nil {
		return err
	}
	defer w.Abort()
	cell := func(day calendar.Date) any {
		if day.IsZero() {
			return nil
		}
		return day
	}
	for _, line := range found.Items {
		number, time := "", "full"
		if line.Number != nil {
			number = *line.Number
		}
		if line.Posting.PartTime {
			time = "part"
		}
		err := w.Write(line.Unit.Code, unitName(r.Locale.Written(), line.Unit), line.Name, number, line.Posting.Post, time, line.Posting.StartOn, cell(line.Posting.EndOn), cell(line.TrainedOn))
		if err != nil {
			return err
		}
	}
	return w.Close()
}
