package io.github.ndocker.evaluation.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** A grid as bars: categories from left to right, in each a bar per arm. */
final class BarChart {
  /** An arm has the same colour in every chart; eight that colour-blind people tell apart. */
  private static final List<Color> COLOURS =
      Stream.of(
              0x555555, 0xE69F00, 0xBBBBBB, 0xD55E00, 0x56B4E9, 0xF0E442, 0x009E73, 0xCC79A7,
              0x0072B2)
          .map(Color::new)
          .toList();

  private final String title;
  private final CategoryGrid grid;

  BarChart(String title, CategoryGrid grid) {
    this.title = title;
    this.grid = grid;
  }

  /** Writes {@code NAME.png} and {@code NAME.svg}. */
  void write(Path directory, String name) throws IOException {
    for (String format : List.of("png", "svg")) {
      Files.write(directory.resolve(name + "." + format), ChartEncoder.getBytes(chart(), format));
    }
  }

  private CategoryChart chart() {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(1200)
            .height(560)
            .title(title)
            .yAxisTitle(grid.isOfTimes() ? "seconds (logarithmic)" : "% of the images' bytes")
            .build();
    CategoryStyler styler = chart.getStyler();
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setAvailableSpaceFill(0.85);
    styler.setLegendPosition(LegendPosition.OutsideS);
    styler.setLegendLayout(LegendLayout.Horizontal);
    styler.setPlotGridVerticalLinesVisible(false);
    // dashed ones, the default, are two thirds of an SVG
    styler.setPlotGridLinesStroke(new BasicStroke(0.5f));
    if (grid.isOfTimes()) {
      styler.setYAxisLogarithmic(true);
      // bars begin at 0 unless told otherwise, and a logarithmic axis has none; and a little below
      // the shortest, so that one of 0.01 s is still a bar
      styler.setYAxisMin(decade(Math.floor(Math.log10(0.9 * heights().min().orElse(1)))));
      styler.setYAxisMax(decade(Math.ceil(Math.log10(heights().max().orElse(1)))));
      styler.setYAxisDecimalPattern("0.######");
    } else {
      styler.setYAxisMin(0.0);
      styler.setYAxisDecimalPattern("0");
    }
    List<String> categories = grid.categories();
    for (String arm : grid.arms()) {
      chart
          .addSeries(arm, categories, categories.stream().map(name -> height(name, arm)).toList())
          .setFillColor(colour(arm));
    }
    return chart;
  }

  /** NaN, which is not drawn, where nothing was measured. */
  private double height(String category, String arm) {
    double factor = grid.isOfTimes() ? 1 : 100;
    return grid.cell(category, arm).map(cell -> factor * cell.height()).orElse(Double.NaN);
  }

  private DoubleStream heights() {
    return grid.categories().stream()
        .flatMapToDouble(category -> grid.arms().stream().mapToDouble(arm -> height(category, arm)))
        .filter(height -> !Double.isNaN(height));
  }

  /** Whole decades, or the axis would name none at its ends. */
  private static double decade(double power) {
    return Math.pow(10, power);
  }

  private Color colour(String arm) {
    List<String> known = Names.ARMS.known();
    List<String> others =
        grid.metric().device().arms().stream().filter(name -> !known.contains(name)).toList();
    int place = known.contains(arm) ? known.indexOf(arm) : known.size() + others.indexOf(arm);
    return COLOURS.get(place % COLOURS.size());
  }
}
