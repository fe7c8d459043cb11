package seeds

import (
	"strings"
	"testing"
	"testing/fstest"
)

const firstNotice = `- year: 2030
  number: 国办发明电〔2029〕1号
  issued: 2029-11-01
  title: 国务院办公厅关于2030年部分节假日安排的通知
  holidays:
    - {name: 元旦, from: 2030-01-01, to: 2030-01-01}
`

func TestFaultyCalendarFilesNameFileAndLine(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"unknown field", firstNotice + "  source: newspaper\n", "calendar/2030.yaml:7: yaml.unknown_field"},
		{"unknown field of a holiday", firstNotice + "    - {name: 春节, form: 2030-02-02, to: 2030-02-08}\n", "calendar/2030.yaml:7: yaml.unknown_field"},
		{"not a date", strings.Replace(firstNotice, "2029-11-01", "last autumn", 1), "calendar/2030.yaml:3: yaml.bad_value"},
		{"another year", strings.Replace(firstNotice, "year: 2030", "year: 2031", 1), "calendar/2030.yaml:1: notice of 2031 in the file of 2030"},
		{"make-up day in the week", firstNotice + "    - {name: 春节, from: 2030-02-02, to: 2030-02-08, makeup: [2030-02-11]}\n", "calendar/2030.yaml:1: notice 国办发明电〔2029〕1号: 春节: make-up day 2030-02-11 is a Monday"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := loadNotices(fstest.MapFS{"calendar/2030.yaml": {Data: []byte(test.text)}})
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error = %v, want %s…", err, test.want)
			}
		})
	}
}

func TestCalendarHasEveryYearFrom2013(t *testing.T) {
	c, err := Calendar()
	if err != nil {
		t.Fatal(err)
	}
	for year := 2013; year <= 2026; year++ {
		if !c.HasNotice(year) {
			t.Errorf("no notice for %d", year)
		}
	}
	if c.HasNotice(2012) || c.LastNoticeYear() != 2026 {
		t.Errorf("2012 noticed: %v, last year %d", c.HasNotice(2012), c.LastNoticeYear())
	}
	if got := len(c.Notices()); got != 17 {
		t.Errorf("%d notices, want 17: one a year and a second for 2015, 2019 and 2020", got)
	}
}
