/** The classes of a data set that public models are trained on. In names that the `classes` attribute can list: without spaces. */
export interface ClassSet {
  readonly classes: readonly string[];
  /** What is not a person's surroundings, where the first class is no background. */
  readonly foreground?: readonly string[];
}

/** Pascal VOC 2012 (http://host.robots.ox.ac.uk/pascal/VOC/voc2012/). */
export const vocClasses: ClassSet = {
  classes:
    'background aeroplane bicycle bird boat bottle bus car cat chair cow dining-table dog horse motorbike person potted-plant sheep sofa train tv-monitor'.split(
      ' ',
    ),
};

/** Cityscapes, the 19 that are evaluated (https://github.com/mcordts/cityscapesScripts, helpers/labels.py). */
export const cityscapesClasses: ClassSet = {
  classes:
    'road sidewalk building wall fence pole traffic-light traffic-sign vegetation terrain sky person rider car truck bus train motorcycle bicycle'.split(
      ' ',
    ),
  foreground: ['person', 'rider'],
};

/** ADE20K, the 150 of the scene parsing benchmark (https://github.com/CSAILVision/sceneparsing, objectInfo150.csv). */
export const ade20kClasses: ClassSet = {
  classes: (
    'wall building sky floor tree ceiling road bed windowpane grass cabinet sidewalk person earth door table mountain plant ' +
    'curtain chair car water painting sofa shelf house sea mirror rug field armchair seat fence desk rock wardrobe lamp bathtub ' +
    'railing cushion base box column signboard chest-of-drawers counter sand sink skyscraper fireplace refrigerator grandstand ' +
    'path stairs runway case pool-table pillow screen-door stairway river bridge bookcase blind coffee-table toilet flower book ' +
    'hill bench countertop stove palm kitchen-island computer swivel-chair boat bar arcade-machine hovel bus towel light truck ' +
    'tower chandelier awning streetlight booth television-receiver airplane dirt-track apparel pole land bannister escalator ' +
    'ottoman bottle buffet poster stage van ship fountain conveyer-belt canopy washer plaything swimming-pool stool barrel ' +
    'basket waterfall tent bag minibike cradle oven ball food step tank trade-name microwave pot animal bicycle lake dishwasher ' +
    'screen blanket sculpture hood sconce vase traffic-light tray ashcan fan pier crt-screen plate monitor bulletin-board ' +
    'shower radiator glass clock flag'
  ).split(' '),
  foreground: ['person'],
};

/** ATR, clothes of people (https://huggingface.co/mattmdjaga/segformer_b2_clothes, config.json). */
export const clothesClasses: ClassSet = {
  classes:
    'background hat hair sunglasses upper-clothes skirt pants dress belt left-shoe right-shoe face left-leg right-leg left-arm right-arm bag scarf'.split(
      ' ',
    ),
};

/** MediaPipe's multi-class selfie model, by the labels in its file. */
export const selfieClasses: ClassSet = {
  classes: ['background', 'hair', 'body-skin', 'face-skin', 'clothes', 'others'],
};

export const personClasses: ClassSet = { classes: ['background', 'person'] };
