using ILGPU.Emulation;

namespace ILGPU;

/// <summary>The grid of the launch that runs: its extent and the group's place in it.</summary>
public static class Grid
{
    public static int IdxX => GroupRun.Running.Group.X;
    public static int IdxY => GroupRun.Running.Group.Y;
    public static int IdxZ => GroupRun.Running.Group.Z;
    public static Index3D Index => GroupRun.Running.Group;
    public static int DimX => GroupRun.Running.GridDimension.X;
    public static int DimY => GroupRun.Running.GridDimension.Y;
    public static int DimZ => GroupRun.Running.GridDimension.Z;
    public static Index3D Dimension => GroupRun.Running.GridDimension;
    public static int LinearIndex => (IdxZ * DimY + IdxY) * DimX + IdxX;
    public static Index3D GlobalIndex => Index * Group.Dimension + Group.Index;
    public static int GlobalLinearIndex => LinearIndex * Group.Dimension.Size + Group.LinearIndex;

    public static Index1D ComputeGlobalIndex(Index1D gridIdx, Index1D groupIdx) =>
        new(gridIdx.X * Group.DimX + groupIdx.X);

    public static Index2D ComputeGlobalIndex(Index2D gridIdx, Index2D groupIdx) =>
        gridIdx * Group.Dimension.XY + groupIdx;

    public static Index3D ComputeGlobalIndex(Index3D gridIdx, Index3D groupIdx) => gridIdx * Group.Dimension + groupIdx;
}
