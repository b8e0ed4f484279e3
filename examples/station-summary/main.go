package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"log"
	"os"
	"sort"
	"strconv"
)

type summary struct {
	count         int
	min, max, sum float64
}

func main() {
	log.SetFlags(0)
	shard := os.Getenv("SHOAL_SHARD")
	rows := csv.NewReader(os.Stdin)
	rows.FieldsPerRecord = 2
	// Only the first shard begins with the header of the file.
	if shard == "0" {
		if _, err := rows.Read(); err != nil {
			log.Fatalf("the header: %v", err)
		}
	}

	stations := map[string]*summary{}
	for {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		celsius, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			log.Fatal(err)
		}
		add(stations, row[0], celsius)
	}

	// The order of a map differs from run to run, so the names are sorted.
	names := make([]string, 0, len(stations))
	for name := range stations {
		names = append(names, name)
	}
	sort.Strings(names)
	fmt.Println("shard,station,count,min,mean,max")
	for _, name := range names {
		s := stations[name]
		fmt.Printf("%s,%s,%d,%.1f,%.2f,%.1f\n", shard, name, s.count, s.min, s.sum/float64(s.count), s.max)
	}
}

func add(stations map[string]*summary, name string, celsius float64) {
	s, found := stations[name]
	if !found {
		s = &summary{min: celsius, max: celsius}
		stations[name] = s
	}
	s.count++
	s.sum += celsius
	if celsius < s.min {
		s.min = celsius
	}
	if celsius > s.max {
		s.max = celsius
	}
}
