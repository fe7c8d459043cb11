package document

import (
	"strconv"
	"strings"

	"sundial/server/calendar"
)

// notice is a document with a bit of everything.
func notice() *Document {
	return &Document{
		Issuer:    "山东省人民政府办公厅",
		Number:    "鲁政办字〔2017〕12号",
		Title:     "山东省人民政府办公厅关于2017年度政务公开工作落实情况的通报",
		To:        "各市人民政府，各县（市、区）人民政府，省政府各部门、各直属机构",
		Signature: "山东省人民政府办公厅",
		Date:      calendar.MustParseDate("2017-05-04"),
		Note:      "此件公开发布",
		Blocks: []Block{
			Paragraph{strings.Repeat("按照政务公开工作要点，各级各部门报送了方案，", 3) + "现将有关情况通报如下："},
			Heading{Level: 1, Text: "总体情况"},
			Paragraph{"截至2017年6月30日，应完成1,234项，按时完成1,100项，完成率89.1%。“五公开”已纳入办文办会程序——这是必须完成的任务。"},
			Heading{Level: 2, Text: "各市情况"},
			Paragraph{"各市总体较好。"},
			Heading{Level: 3, Text: "按时完成的"},
			List{true, []string{"济南市；", "青岛市。"}},
			Heading{Level: 4, Text: "其他事项"},
			List{false, []string{"其一；", "其二。"}},
			Heading{Level: 2, Text: "部门情况"},
			Table{Title: "完成情况", Columns: columns(4), Rows: rows(3, 4)},
			Heading{Level: 1, Text: "下一步要求"},
			Paragraph{"各级各部门要认真整改。"},
		},
		Annexes: []Annex{
			{"逾期清单", []Block{Table{Columns: columns(5), Rows: rows(60, 5)}}},
			{"2017年度全省政务公开各项任务完成情况一览表（按单位和任务）",
				[]Block{Table{Title: "一览表", Columns: columns(31), Rows: rows(40, 31), Fixed: 1}}},
			{"排名", []Block{Paragraph{"排名如下："}, Table{Columns: columns(3), Rows: rows(4, 3)}}},
		},
		Imprint: Imprint{
			CopyTo: "省委各部门，省人大常委会办公厅，省政协办公厅，省法院，省检察院",
			Office: "山东省人民政府办公厅",
			Date:   calendar.MustParseDate("2017-05-05"),
		},
	}
}

// columns are n columns of a table, the first for names.
func columns(n int) []Column {
	made := []Column{{"单位", 6, Left}}
	for i := 1; i < n; i++ {
		made = append(made, Column{"任务" + chineseNumber(i), 4, Center})
	}
	return made
}

// rows are rows for columns(width), each cell unlike the others.
func rows(n, width int) [][]string {
	made := make([][]string, n)
	for i := range made {
		made[i] = []string{"单位" + chineseNumber(i+1)}
		for c := 1; c < width; c++ {
			made[i] = append(made[i], "r"+strconv.Itoa(i+1)+"c"+strconv.Itoa(c))
		}
	}
	return made
}
