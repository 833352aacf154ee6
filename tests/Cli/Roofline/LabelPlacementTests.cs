using ILGpuMobileNet.Cli.Reports.Roofline;

namespace ILGpuMobileNet.Cli.Tests.Roofline;

public sealed class LabelPlacementTests
{
    private static readonly Box s_frame = new(0, 0, 400, 300);

    [Fact]
    public void Labels_of_dots_in_one_place_do_not_overlap()
    {
        var placement = new LabelPlacement(s_frame);
        var labels = Enumerable
            .Range(0, 4)
            .Select(i => placement.Place(new(200 + i, 150), 10, "features.1.block"))
            .ToList();

        var boxes = labels.OfType<PlacedLabel>().Select(label => label.Box).ToList();
        Assert.Equal(4, boxes.Count);
        Assert.All(boxes, box => Assert.True(s_frame.Contains(box)));
        Assert.All(boxes, box => Assert.Single(boxes, box.Overlaps));
    }

    [Fact]
    public void A_label_evades_what_it_should_not_cover()
    {
        var placement = new LabelPlacement(s_frame);
        placement.Avoid(new(205, 0, 195, 300)); // all that is to the right

        var label = placement.Place(new(200, 150), 5, "stem")!.Value;

        Assert.True(label.Box.Left + label.Box.Width <= 205);
    }

    [Fact]
    public void A_label_without_any_place_is_left_out() =>
        Assert.Null(new LabelPlacement(new(0, 0, 20, 20)).Place(new(10, 10), 5, "too long for the frame"));
}
